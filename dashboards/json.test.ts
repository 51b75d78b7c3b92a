/** The committed boards are those of the code, and a stale one is named. */
import { describe, expect, it } from 'vitest';
import { findStale, renderBoards } from './render.ts';
import { readBoardFiles } from './testing/read-boards.ts';

describe('dashboards/json', () => {
  it('is what npm run dashboards:generate writes', () => {
    expect(findStale(readBoardFiles())).toEqual([]);
  });

  it('is the same each time it is rendered', () => {
    expect([...renderBoards()]).toEqual([...renderBoards()]);
  });

  it('has a stale, a missing and a foreign board named', () => {
    const files = new Map(readBoardFiles());
    files.set('touchline-k6.json', (files.get('touchline-k6.json') ?? '').replace('"now-15m"', '"now-1h"'));
    files.delete('touchline-overview.json');
    files.set('old.json', '{}');

    expect(findStale(files)).toEqual([
      'touchline-overview.json is missing',
      expect.stringMatching(
        /^touchline-k6\.json is stale: line \d+ is ".*now-1h.*", should be ".*now-15m.*"$/,
      ),
      'old.json belongs to no board',
    ]);
  });
});
