import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import { type BreachLimits, BreachWatch } from './breach-watch.ts';

const LIMITS: BreachLimits = {
  latency: [
    { threshold: 'p50', quantile: 0.5, limitMs: 10, samplesNeeded: 20 },
    { threshold: 'p95', quantile: 0.95, limitMs: 50, samplesNeeded: 20 },
    { threshold: 'p99', quantile: 0.99, limitMs: 60, samplesNeeded: 20 },
  ],
};

/** A window that is looked at twice a second. */
class Window {
  private readonly latency = new LatencyHistogram(2);
  private readonly watch: BreachWatch;
  private received = 0;

  constructor(limits = LIMITS) {
    this.watch = new BreachWatch(limits);
  }

  /** So many deliveries of each latency since the look before. */
  look(deliveries: Readonly<Record<number, number>>) {
    for (const [ms, count] of Object.entries(deliveries)) {
      this.latency.recordMany(Number(ms) * 1_000, count);
      this.received += count;
    }
    return this.watch.look({ latency: this.latency, received: this.received });
  }
}

describe('BreachWatch', () => {
  it('sees nothing in a clean window', () => {
    const window = new Window();
    for (let look = 0; look < 60; look += 1) expect(window.look({ 1: 500, 9: 100 })).toBeNull();
  });

  it('fires in the second look in a row that breaks a limit, and names the gravest', () => {
    const window = new Window();
    expect(window.look({ 1: 90, 100: 10 })).toBeNull();
    expect(window.look({ 1: 80, 100: 20 })).toEqual({ threshold: 'p99', limit: 60, broken: 20, of: 100 });
  });

  it('tells percentiles apart', () => {
    const slowMedian = new Window();
    slowMedian.look({ 20: 100 });
    expect(slowMedian.look({ 20: 100 })).toMatchObject({ threshold: 'p50', broken: 100 });
    const slowTail = new Window();
    slowTail.look({ 1: 90, 55: 10 });
    expect(slowTail.look({ 1: 90, 55: 10 })).toMatchObject({ threshold: 'p95', broken: 10 });
  });

  it('takes a limit for held that exactly as many break as may', () => {
    const window = new Window();
    for (let look = 0; look < 4; look += 1) expect(window.look({ 1: 99, 100: 1 })).toBeNull();
  });

  it('is not alarmed by one pause', () => {
    const window = new Window();
    expect(window.look({ 200: 300 })).toBeNull();
    for (let look = 0; look < 20; look += 1) expect(window.look({ 1: 300 })).toBeNull();
  });

  it('is not alarmed by a dent in a window that holds its limits as a whole', () => {
    const window = new Window();
    for (let look = 0; look < 20; look += 1) window.look({ 1: 10_000 });
    expect(window.look({ 1: 90, 100: 10 })).toBeNull();
    expect(window.look({ 1: 90, 100: 10 })).toBeNull();
  });

  it('takes a look without deliveries for neither yes nor no: a server that stands still is broken', () => {
    const window = new Window();
    expect(window.look({ 500: 100 })).toBeNull();
    expect(window.look({})).toBeNull();
    expect(window.look({ 500: 100 })).toMatchObject({ threshold: 'p99' });
  });

  it('does not judge a percentile of a few deliveries', () => {
    const window = new Window();
    for (let look = 0; look < 10; look += 1) expect(window.look({ 500: 19 })).toBeNull();
  });

  it('does not judge a percentile before the verdict would', () => {
    const p99 = { threshold: 'p99', quantile: 0.99, limitMs: 60, samplesNeeded: 1_000 };
    const window = new Window({ latency: [p99] });
    for (let look = 0; look < 10; look += 1) expect(window.look({ 500: 100 })).toBeNull();
    expect(window.look({ 500: 100 })).toMatchObject({ threshold: 'p99', limit: 60 });
  });
});
