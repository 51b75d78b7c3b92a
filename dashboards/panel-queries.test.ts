/** Grafana's variables filled in, as the tests against a real Prometheus need them. */
import { describe, expect, it } from 'vitest';
import { fillIn, panelQueries } from './panel-queries.ts';
import { readBoards } from './testing/read-boards.ts';

describe('panelQueries', () => {
  it('lists every query of every panel with nothing left to fill in', () => {
    for (const board of readBoards()) {
      const queries = panelQueries(board, { instance: '127.0.0.1:9464', run: 'r1', testid: 't1' });

      expect(queries.length).toBeGreaterThan(10);
      for (const one of queries) {
        expect(one).toMatchObject({ board: board.uid, refId: expect.stringMatching(/^[A-Z]$/) });
        expect(one.expr.replaceAll('"$1"', '')).not.toContain('$');
      }
      expect(new Set(queries.map(({ panelId, refId }) => `${panelId} ${refId}`)).size).toBe(queries.length);
    }
  });

  it('escapes what is chosen for the regular expression and for the string around it', () => {
    expect(fillIn('up{instance=~"$instance"}', { instance: '10.0.0.1:9464' })).toBe(
      'up{instance=~"10\\\\.0\\\\.0\\\\.1:9464"}',
    );
  });

  it('takes all where nothing is chosen, and keeps the groups of label_replace', () => {
    expect(fillIn('a{run=~"$run"}[$__rate_interval] "$1" [$__range]', { range: '5m' })).toBe(
      'a{run=~".*"}[4s] "$1" [5m]',
    );
  });
});
