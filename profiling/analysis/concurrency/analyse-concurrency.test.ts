import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { latencyFigures, samplesNeeded } from '../latency-figures.ts';
import { calibratedFigure, loopDelayLimitMs } from '../rig-floor.ts';
import { analyseConcurrency } from './analyse-concurrency.ts';

function encodedCount(count: number): string {
  const histogram = new LatencyHistogram();
  for (let index = 1; index <= count; index += 1) histogram.record(index * 10);
  return histogram.encode();
}

describe('latencyFigures', () => {
  it.each([
    [0.5, 20],
    [0.95, 200],
    [0.99, 1_000],
    [0.999, 10_000],
  ])('needs for the quantile %d %i samples', (q, samples) => {
    expect(samplesNeeded(q)).toBe(samples);
  });

  it.each([
    [0, { p50Ms: null, maxMs: null, meanMs: null }],
    [19, { p50Ms: null, maxMs: 0.19 }],
    [20, { p50Ms: 0.1, p95Ms: null }],
    [999, { p95Ms: expect.closeTo(9.5, 1), p99Ms: null }],
    [1_000, { p99Ms: expect.closeTo(9.9, 1), p999Ms: null }],
    [10_000, { p999Ms: expect.closeTo(99.9, 0) }],
  ])('of %i samples gives what they carry', (count, figures) => {
    expect(latencyFigures(encodedCount(count))).toMatchObject({ n: count, ...figures });
  });

  it('names a broken histogram', () => {
    expect(() => latencyFigures('AAAA')).toThrowError(expect.objectContaining({ code: 'TL_RECORD_INVALID' }));
  });
});

describe('calibratedFigure', () => {
  const bursts = sampleRecord().calibration?.bursts ?? [];
  it.each([
    [1, 0.92],
    [10, 0.92],
    [55, (0.92 + 2.1) / 2],
    [100, 2.1],
    [1_000, 11.8],
    [2_000, 11.8 + (9.7 / 900) * 1_000],
  ])('reads p99 at a fan-out of %i', (fanOut, p99Ms) => {
    expect(calibratedFigure(bursts, fanOut, 'p99Ms')).toBeCloseTo(p99Ms, 6);
  });

  it('never falls beyond what was calibrated', () => {
    const falling = bursts.map((burst, index) => ({ ...burst, p50Ms: 10 - index }));
    expect(calibratedFigure(falling, 50_000, 'p50Ms')).toBe(8);
  });

  it('is unknown without a calibration', () => {
    expect(calibratedFigure([], 100, 'p50Ms')).toBeNull();
  });
});

describe('loopDelayLimitMs', () => {
  it.each([
    ['apart, whatever is calibrated', 40, false, 10],
    ['together, uncalibrated', null, true, 10],
    ['together, small', 4, true, 10],
    ['together, large', 20, true, 30],
  ])('%s', (_, calibrated, shared, limit) => {
    expect(loopDelayLimitMs(calibrated, shared)).toBe(limit);
  });
});

describe('analyseConcurrency', () => {
  it('finds the memory slopes that the sample was made with', () => {
    const { memory } = analyseConcurrency(sampleRecord());
    expect(memory.rss?.slope).toBeCloseTo(8_100, -3);
    expect(memory.external?.slope).toBeCloseTo(40, 6);
    expect(memory.kernelSockets?.slope).toBeCloseTo(8_192, 6);
    expect(memory.rss?.points).toHaveLength(6);
    expect(memory.forcedGc).toBe(true);
  });

  it('takes the idle CPU off before dividing by connections', () => {
    const tier = sampleTier(1_000);
    const record = sampleRecord({
      idle: { memory: null, cpuCores: 0.05 },
      tiers: [{ ...tier, serverWindow: { ...tier.serverWindow, cpuCores: 0.25 } }],
    });
    expect(analyseConcurrency(record).tiers[0]?.server).toMatchObject({
      cpuAboveIdleCores: expect.closeTo(0.2, 9),
      cpuPerThousandCores: expect.closeTo(0.2, 9),
    });
  });

  it('sorts tiers and tells asked for from achieved', () => {
    const analysis = analyseConcurrency(sampleRecord({ tiers: [sampleTier(100), sampleTier(10)] }));
    expect(analysis.tiers.map((tier) => tier.connections)).toEqual([10, 100]);
    expect(analysis.tiers[1]?.deliveries).toEqual({
      requestedPerSecond: 1_000,
      achievedPerSecond: 1_000,
      ratio: 1,
    });
  });

  it('shows the server at the worst second', () => {
    const tier = sampleTier(50);
    const seconds = tier.load.seconds.map((second) =>
      second.elapsedMs === 4_000 ? { ...second, p99Ms: 900, maxMs: 950 } : second,
    );
    const serverSamples = tier.serverSamples.map((sample) =>
      sample.elapsedMs === 5_000 ? { ...sample, loopDelayP99Ms: 880 } : sample,
    );
    const [analysed] = analyseConcurrency(
      sampleRecord({ tiers: [sampleTier(50, { load: { seconds }, tier: { serverSamples } })] }),
    ).tiers;
    expect(analysed?.worstSecond).toMatchObject({
      elapsedMs: 4_000,
      p99Ms: 900,
      server: { elapsedMs: 5_000, loopDelayP99Ms: 880 },
    });
    expect(analysed?.worstSecond?.typicalP99Ms).toBeLessThan(10);
  });

  it('takes no reading of the server that is far from the worst second', () => {
    const tier = sampleTier(50);
    const far = tier.serverSamples.filter((sample) => sample.elapsedMs > 8_000);
    const seconds = tier.load.seconds.map((second) =>
      second.elapsedMs === 0 ? { ...second, p99Ms: 900 } : second,
    );
    const [analysed] = analyseConcurrency(
      sampleRecord({ tiers: [sampleTier(50, { load: { seconds }, tier: { serverSamples: far } })] }),
    ).tiers;
    expect(analysed?.worstSecond).toMatchObject({ elapsedMs: 0, server: null });
  });

  it('analyses a run without tiers', () => {
    expect(analyseConcurrency(sampleRecord({ tiers: [] }))).toMatchObject({
      tiers: [],
      broadcastsPerSecond: { min: 0, max: 0 },
    });
  });
});

describe('steadiness', () => {
  const half = (ms: number, count = 500): string => {
    const histogram = new LatencyHistogram();
    for (let index = 0; index < count; index += 1) histogram.record(ms * 1_000);
    return histogram.encode();
  };
  const stateOf = (first: string, second: string): string | undefined => {
    const { latency } = sampleTier(10).load;
    const tier = sampleTier(10, { load: { latency: { ...latency, firstHalf: first, secondHalf: second } } });
    return analyseConcurrency(sampleRecord({ tiers: [tier] })).tiers[0]?.steadiness.state;
  };

  it.each([
    ['equal halves', half(5), half(5), 'steady'],
    ['noise of a millisecond', half(0.4), half(1.6), 'steady'],
    ['half as much again', half(20), half(30), 'steady'],
    ['a queue that grows', half(20), half(60), 'not-steady'],
    ['a warm-up that has not ended', half(60), half(20), 'not-steady'],
    ['deliveries that dry up', half(5, 500), half(5, 300), 'not-steady'],
    ['too few samples', half(5, 10), half(50, 10), 'unknown'],
  ])('of %s', (_, first, second, state) => {
    expect(stateOf(first, second)).toBe(state);
  });

  it('is not known for a window of a few broadcasts', () => {
    const tier = sampleTier(100, { durationMs: 1_000 });
    expect(analyseConcurrency(sampleRecord({ tiers: [tier] })).tiers[0]?.steadiness.state).toBe('unknown');
  });
});

describe('counter checks', () => {
  const unexplained = (ledger: object, server: object): number | null | undefined => {
    const clean = sampleTier(10);
    const tier = { ...sampleTier(10, { ledger }), serverCounters: { ...clean.serverCounters, ...server } };
    return analyseConcurrency(sampleRecord({ tiers: [tier] })).tiers[0]?.counterChecks.find(
      (check) => check.name === 'deliveries',
    )?.unexplained;
  };

  it.each([
    ['both ends agree', {}, {}, 0],
    [
      'the server sent what the clients lost',
      { lost: 5, unique: 995, received: 995 },
      { deliveries: 1_000 },
      0,
    ],
    [
      'the server left out what the clients lost',
      { lost: 5, unique: 995, received: 995 },
      { deliveries: 995 },
      0,
    ],
    [
      'ended connections had some in flight',
      { undetermined: 7, unique: 993, received: 993 },
      { deliveries: 1_000 },
      0,
    ],
    ['duplicates arose below the counter', { duplicated: 3, received: 1_003 }, { deliveries: 1_000 }, 0],
    ['the server sent more than anybody knows of', {}, { deliveries: 1_004 }, 4],
    ['the clients got more than was sent', {}, { deliveries: 990 }, -10],
    ['the server shows no counters', {}, { deliveries: null }, null],
  ])('%s', (_, ledger, server, expected) => {
    expect(unexplained(ledger, server)).toBe(expected);
  });
});
