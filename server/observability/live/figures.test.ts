import { expect, it } from 'vitest';
import { LOAD_METRIC_CATALOGUE } from '../../../profiling/live/load-metric-catalogue.ts';
import { createFakeSources } from '../../testing/fake-metric-sources.ts';
import { createEventLoopMonitor } from '../event-loop.ts';
import { createGcMonitor } from '../gc.ts';
import { createMetrics } from '../metrics.ts';
import { readExposition } from './exposition.ts';
import { Interval } from './interval.ts';
import { LOAD_FAMILIES, liveRun, loadFigures } from './load-figures.ts';
import { SERVER_FAMILIES, serverFigures } from './server-figures.ts';
import { toFigures } from './to-figures.ts';

it('reads names that the profiler has', () => {
  expect(Object.keys(LOAD_METRIC_CATALOGUE)).toEqual(expect.arrayContaining([...LOAD_FAMILIES]));
});

it('has the same figures from the families as from their text', async () => {
  const sources = createFakeSources({ connectionCount: () => 4 });
  const metrics = createMetrics({
    sources,
    loop: createEventLoopMonitor(),
    gc: createGcMonitor(),
    version: '1',
    instrumentation: { isOn: true },
    now: () => 0,
  });
  const family = async (atMs: number) => ({ families: await metrics.read(), atMs });
  const text = async (atMs: number) => ({
    families: readExposition((await metrics.scrape(undefined)).body, new Set(SERVER_FAMILIES)),
    atMs,
  });
  const [familiesBefore, textBefore] = [await family(0), await text(0)];
  sources.hubCounters.deliveries += 500;
  for (const seconds of [0.001, 0.002, 0.003]) sources.hubCounters.broadcastSeconds.observe(seconds);
  const fromFamilies = serverFigures(new Interval(await family(1_000), familiesBefore));
  const fromText = serverFigures(new Interval(await text(1_000), textBefore));
  expect(Object.keys(fromText).sort()).toEqual(Object.keys(fromFamilies).sort());
  const exact = [
    'connections',
    'deliveriesPerSecond',
    'broadcastP50Ms',
    'broadcastP99Ms',
    'draining',
  ] as const;
  for (const name of exact) expect(fromText[name]).toBe(fromFamilies[name]);
  expect(fromFamilies).toMatchObject({ connections: 4, deliveriesPerSecond: 500, slowConsumers: 0 });
  expect(fromFamilies.rssPerConnectionBytes).toBeCloseTo((fromFamilies.rssBytes ?? 0) / 4, -2);
  expect(fromFamilies.loopActiveRatio).toBeGreaterThan(0);
});

it('takes the run, its phase and the worst worker from the profiler', () => {
  const text = (latencies: number) => `
touchline_profile_run_info{run="r-1",scenario="concurrency",server="127.0.0.1:7",version="1"} 1
touchline_profile_phase{phase="connect"} 0
touchline_profile_phase{phase="measure"} 1
touchline_profile_verdict{verdict="pass"} 0
touchline_profile_connections_wanted 500
touchline_profile_connections 498
touchline_profile_deliveries_amiss_total{kind="lost"} 2
touchline_profile_deliveries_amiss_total{kind="corrupt"} 1
touchline_profile_worker_cpu_ratio{worker="1"} 0.25
touchline_profile_worker_cpu_ratio{worker="2"} 0.75
touchline_profile_delivery_latency_seconds_bucket{le="0.01"} ${latencies}
touchline_profile_delivery_latency_seconds_bucket{le="+Inf"} ${latencies}
`;
  const reading = (atMs: number, latencies: number) => ({
    families: readExposition(text(latencies), new Set(LOAD_FAMILIES)),
    atMs,
  });
  const interval = new Interval(reading(1_000, 30), reading(0, 10));
  expect(liveRun(interval)).toEqual({
    name: 'r-1',
    scenario: 'concurrency',
    server: '127.0.0.1:7',
    phase: 'measure',
    verdict: null,
  });
  expect(loadFigures(interval)).toEqual({
    wanted: 500,
    connected: 498,
    amiss: 3,
    workerCpuRatio: 0.75,
    latencyP50Ms: 5,
    latencyP95Ms: 9.5,
    latencyP99Ms: 9.9,
  });
});

it('leaves out what cannot be told, and keeps counts exact', () => {
  expect(toFigures({ a: undefined, b: Number.NaN, c: 123_456_789, d: 0.123_456_789 })).toEqual({
    c: 123_456_789,
    d: 0.12346,
  });
});
