import { describe, expect, it } from 'vitest';
import { LatencyBook } from '../latency/latency-book.ts';
import { decodeHistogram } from '../latency/latency-histogram.ts';
import { mergeSlots } from './merge-latencies.ts';

const window = { startUs: 0, measureStartUs: 1e6, measureEndUs: 3e6 };

/** A worker that got what was intended at these times 10 ms later. */
function workerThatGot(slots: number, ...intendedUs: number[]) {
  const book = new LatencyBook(window, slots);
  for (const atUs of intendedUs) {
    book.received(atUs + 10_000);
    book.record({ publisher: 0, seq: 0, intendedUs: atUs, sentUs: atUs });
  }
  return book.report();
}

describe('mergeSlots', () => {
  it('adds the workers up, slot by slot', () => {
    const merged = mergeSlots([workerThatGot(4, 1e6, 2.6e6), workerThatGot(4, 1.4e6)], window);
    expect(merged).toMatchObject({ startUs: 1e6, lengthUs: 500_000 });
    expect(merged?.response.map((slot) => decodeHistogram(slot).count)).toEqual([2, 0, 0, 1]);
  });

  it('gives nothing where none were wanted', () => {
    expect(mergeSlots([workerThatGot(0, 1e6)], window)).toBeUndefined();
    expect(mergeSlots([], window)).toBeUndefined();
  });
});
