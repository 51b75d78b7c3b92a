import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MATCH_ID } from '../../server/protocol/messages.ts';
import { ledgerRunId, matchIdOfTier, runFolderName } from './run-names.ts';

const START = Date.UTC(2026, 10, 21, 10, 30, 5, 123);
const startedAt = fc.integer({ min: START, max: START + 30 * 365 * 86_400_000 });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('run names', () => {
  it('names the folder by scenario, time and seed', () => {
    expect(runFolderName('concurrency', START, 123_456)).toBe('concurrency-20261121T103005Z-2n9c');
  });

  it('marks messages with 1 to 16 characters', () => {
    fc.assert(
      fc.property(startedAt, seed, (at, chosen) => {
        expect(ledgerRunId(at, chosen)).toMatch(/^[a-z0-9]{1,16}$/);
      }),
    );
  });

  it('gives every tier of a run its own valid match', () => {
    fc.assert(
      fc.property(startedAt, seed, (at, chosen) => {
        const ids = Array.from({ length: 20 }, (_, tier) => matchIdOfTier(at, chosen, tier));
        expect(new Set(ids).size).toBe(20);
        for (const id of ids) expect(id >= 1 && id <= MAX_MATCH_ID && Number.isInteger(id)).toBe(true);
      }),
    );
  });

  it('gives other runs with the same seed other matches', () => {
    expect(matchIdOfTier(START, 7, 0)).not.toBe(matchIdOfTier(START + 1, 7, 0));
    expect(matchIdOfTier(START, 7, 0)).toBe(matchIdOfTier(START, 7, 0));
  });
});
