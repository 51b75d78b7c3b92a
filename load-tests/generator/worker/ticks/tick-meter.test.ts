import { expect, it } from 'vitest';
import { decodeHistogram } from '../../latency/latency-histogram.ts';
import { TickMeter } from './tick-meter.ts';

it('measures what is received in its window, by second and by half', () => {
  const meter = new TickMeter();
  expect(meter.soFar()).toBeNull();
  const receive = (atUs: number, ticks: number, latencyUs: number): void => {
    meter.receivedUs = atUs;
    meter.count(ticks, ticks * 22);
    meter.time(latencyUs);
    meter.skip(1);
  };
  receive(1.5e6, 7, 100);
  meter.open({ startUs: 0, measureStartUs: 2e6, measureEndUs: 4.5e6 });
  receive(1_999_999, 7, 100);
  receive(2e6, 10, 1_000);
  receive(3_249_999, 20, 2_000);
  receive(3_250_000, 30, 3_000);
  receive(4_499_999, 40, -1);
  receive(4.5e6, 7, 100);
  const { firstHalf, secondHalf, seconds, ...counts } = meter.report();
  expect(counts).toEqual({ received: 100, skipped: 4, bytes: 2_200, negative: 1 });
  expect(seconds.map(({ received }) => received)).toEqual([10, 50, 40]);
  expect(seconds.map(({ latency }) => decodeHistogram(latency).count)).toEqual([1, 2, 0]);
  expect([firstHalf, secondHalf].map((half) => decodeHistogram(half).count)).toEqual([2, 1]);
  expect(meter.soFar()?.count).toBe(3);
  expect(meter).toMatchObject({ received: 121, reads: 7 });
});

it('tells the latencies since it was asked last', () => {
  const meter = new TickMeter();
  expect(meter.takeLatencies()).toEqual({ avgMs: 0, p99Ms: 0 });
  for (const latencyUs of [1_000, 3_000]) meter.time(latencyUs);
  const { avgMs, p99Ms } = meter.takeLatencies();
  expect(avgMs).toBeCloseTo(2, 1);
  expect(p99Ms).toBeCloseTo(3, 1);
  expect(meter.takeLatencies()).toEqual({ avgMs: 0, p99Ms: 0 });
});
