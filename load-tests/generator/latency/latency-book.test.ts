import { describe, expect, it } from 'vitest';
import { LatencyBook } from './latency-book.ts';
import { decodeHistogram } from './latency-histogram.ts';

const window = { startUs: 0, measureStartUs: 1e6, measureEndUs: 4e6 };

function deliver(book: LatencyBook, intendedUs: number, sentUs: number, receivedUs: number): void {
  book.received(receivedUs);
  book.record({ publisher: 0, seq: 0, intendedUs, sentUs });
}

describe('LatencyBook', () => {
  it('takes only what was intended inside the measured window', () => {
    const book = new LatencyBook(window);
    deliver(book, 999_999, 999_999, 1_000_500);
    deliver(book, 4e6, 4e6, 4_000_500);
    expect(book.soFar().count).toBe(0);
  });

  it('counts from the intended time, from the send, and puts a late one into its own second', () => {
    const book = new LatencyBook(window);
    deliver(book, 1.5e6, 1.6e6, 5e6);
    deliver(book, 3.9e6, 3.9e6, 3.95e6);
    const report = book.report();
    expect(decodeHistogram(report.firstHalf).maxMs).toBeCloseTo(3_500, -1);
    expect(decodeHistogram(report.secondHalf).maxMs).toBeCloseTo(50, 0);
    expect(decodeHistogram(report.service).maxMs).toBeCloseTo(3_400, -1);
    expect(report.seconds.map((second) => decodeHistogram(second).count)).toEqual([1, 0, 1]);
  });

  it('keeps the response times of equal stretches apart where they are wanted, by the intended time', () => {
    const book = new LatencyBook(window, 6);
    deliver(book, 1e6, 1.2e6, 3e6);
    deliver(book, 1_499_999, 1_499_999, 1.6e6);
    deliver(book, 1.5e6, 1.5e6, 1.6e6);
    deliver(book, 3_999_999, 3_999_999, 9e6);
    deliver(book, 999_999, 999_999, 1e6);
    deliver(book, 4e6, 4e6, 5e6);
    const slots = book.report().slots?.map((slot) => decodeHistogram(slot)) ?? [];
    expect(slots.map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 1]);
    expect(slots[0]?.maxMs).toBeCloseTo(2_000, -1);
    expect(new LatencyBook(window).report().slots).toBeNull();
  });

  it('counts a receive before the send apart', () => {
    const book = new LatencyBook(window);
    deliver(book, 2e6, 2.1e6, 2.05e6);
    expect(book.report().negative).toBe(1);
    expect(book.soFar().count).toBe(0);
  });
});
