import { describe, expect, it } from 'vitest';
import {
  decodeHistogram,
  LatencyHistogram,
} from '../../../load-tests/generator/latency/latency-histogram.ts';
import { latencyWithin, type Stretch } from './slice-latency.ts';

const ms = (from: number, to: number): Stretch => ({ fromUs: from * 1_000, toUs: to * 1_000 });

/** Ten slots of 100 ms from 1,000 ms on, the first with one delivery, the second with two, … */
const slots = {
  startUs: 1_000_000,
  lengthUs: 100_000,
  response: Array.from({ length: 10 }, (_, slot) => {
    const histogram = new LatencyHistogram();
    histogram.recordMany(1_000, slot + 1);
    return histogram.encode();
  }),
};

const countWithin = (...stretches: Stretch[]) => decodeHistogram(latencyWithin(slots, stretches)).count;

describe('latencyWithin', () => {
  it('adds up what lies inside the slices of an arm', () => {
    expect(countWithin(ms(1_000, 1_310), ms(1_900, 2_010))).toBe(1 + 2 + 3 + 10);
  });

  it('leaves out the slot in which the server was switched, on either side', () => {
    expect(countWithin(ms(1_001, 1_330))).toBe(2 + 3);
    expect(countWithin(ms(1_299, 1_570))).toBe(4 + 5);
  });

  it('leaves out what may have been under way as the server was switched', () => {
    expect(countWithin(ms(1_000, 1_309))).toBe(1 + 2);
    expect(countWithin(ms(1_000, 1_310))).toBe(1 + 2 + 3);
  });

  it('gives nothing where no slice was seen, or none is longer than a slot', () => {
    expect(countWithin()).toBe(0);
    expect(countWithin(ms(1_050, 1_195))).toBe(0);
  });

  it('counts no slot twice', () => {
    expect(countWithin(ms(1_000, 2_010), ms(1_000, 2_010))).toBe(55);
  });
});
