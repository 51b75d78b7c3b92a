import { describe, expect, it } from 'vitest';
import { Sightings } from './sightings.ts';

describe('Sightings', () => {
  it('finds where a number was seen, and nothing that was not', () => {
    const sightings = new Sightings();
    for (const seq of [0, 3, 5_000]) sightings.note(seq, seq + 100);
    expect(sightings.find([0, 1, 3, 5_000, 1_024])).toEqual([
      { seq: 0, offset: 100 },
      { seq: 3, offset: 103 },
      { seq: 5_000, offset: 5_100 },
    ]);
  });

  it('keeps the newest when there are too many', () => {
    const sightings = new Sightings();
    sightings.note(1, 1);
    sightings.note(2 ** 20 + 1, 2);
    expect(sightings.find([1, 2 ** 20 + 1])).toEqual([{ seq: 2 ** 20 + 1, offset: 2 }]);
  });
});
