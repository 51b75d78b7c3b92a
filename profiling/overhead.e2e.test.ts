/** `profile:overhead` as users start it, on the compiled output against real servers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeHistogram, LatencyHistogram } from '../load-tests/generator/latency/latency-histogram.ts';
import { outputFolder } from '../server/testing/output-folder.ts';
import type { ArmName, OverheadPart, OverheadTurn } from './record/overhead-record.ts';
import {
  OVERHEAD,
  printedVerdict,
  recordIn,
  runOnHealthyRig,
  runProfiler,
} from './testing/profiler-process.ts';

/** Too short to be exact: what is asked here are costs far from their limits. */
const SHORT = ['--rounds', '4', '--duration', '400ms', '--warm-up', '100ms', '--rate', '200', '--json'];

const out = outputFolder();

function partsOf(turns: readonly OverheadTurn[], name: ArmName): readonly OverheadPart[] {
  return turns.flatMap(({ parts }) => parts.filter(({ arm }) => arm === name));
}

/** All of them together. */
function latencyOf(parts: readonly OverheadPart[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const { latency } of parts) all.merge(decodeHistogram(latency ?? ''));
  return all;
}

describe('profile:overhead', () => {
  it('switches one server off and on under load, the others have turns, and passes where the limit is wide', async () => {
    const limits = ['instrumentation-cost=80%', 'instrumentation-latency=60s'];
    const argv = [...SHORT, ...limits.flatMap((limit) => ['--threshold', limit]), '--out', out.path];
    const { exit, stdout, stderr, profiler } = await runOnHealthyRig(OVERHEAD, argv);
    expect(exit, stdout + stderr).toBe(0);
    expect(profiler.leftovers()).toEqual([]);
    const { turns, arms } = recordIn(out.path, 'overhead');
    const turnsOf = arms.map(({ name }) => [name, partsOf(turns, name).length]);
    // What is only shown has a turn in every sixth round.
    expect(turnsOf).toEqual([
      ['off', 4],
      ['metrics', 4],
      ['twin', 1],
      ['debug-log', 1],
      ['cpu-profile', 1],
    ]);
    for (const { tier, parts } of turns) {
      expect(parts.reduce((total, { deliveries }) => total + deliveries, 0)).toBeCloseTo(8_000);
      for (const { cpuSeconds, seconds, latency } of parts) {
        expect(cpuSeconds).toBeGreaterThan(0);
        // Two slices of 100 ms, or the whole turn; a busy machine is late at an edge.
        expect(Math.abs(seconds - 0.4 / parts.length)).toBeLessThan(0.15);
        // Whole broadcasts, to all 100 clients.
        expect(decodeHistogram(latency ?? '').count).toBeGreaterThan(0);
        expect(decodeHistogram(latency ?? '').count % 100).toBe(0);
      }
      // What was due around a switch is nobody's.
      expect(latencyOf(parts).count).toBeLessThanOrEqual(8_000);
      expect(tier.serverCounters.deliveries).toBe(tier.load.ledger.received);
    }
  });

  it('fails when what is compared burns CPU and delays, and leaves a profile of the server that ran under one', async () => {
    const argv = [...SHORT, '--fault', 'slow-instruments=20ms', '--out', out.path];
    const { exit, stdout, stderr } = await runOnHealthyRig(OVERHEAD, argv);
    expect(exit, stdout + stderr).toBe(1);
    const { checks } = printedVerdict(stdout);
    const check = (wanted: string) => checks.find(({ name }) => name === wanted);
    const failed = checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
    expect(failed.filter((name) => name !== 'instrumentation-latency')).toEqual(['instrumentation-cost']);
    expect(check('instrumentation-cost')?.observed).toBeGreaterThan(0.2);
    // Whether four rounds are sure of a p99 is the machine's; that a quarter of the deliveries waited is not.
    expect(check('instrumentation-latency')?.verdict).not.toBe('pass');
    const { turns } = recordIn(out.path, 'overhead');
    const [off, metrics] = (['off', 'metrics'] as const).map((arm) =>
      latencyOf(partsOf(turns, arm)).quantileMs(0.9),
    );
    expect(metrics).toBeGreaterThan((off ?? Number.NaN) + 4);
    const [file = ''] = readdirSync(join(out.path, 'cpu-profile'));
    const profile: { nodes: { callFrame: { url: string } }[] } = JSON.parse(
      readFileSync(join(out.path, 'cpu-profile', file), 'utf8'),
    );
    expect(profile.nodes.some(({ callFrame }) => callFrame.url.includes('/server/hub/'))).toBe(true);
  });

  it('needs servers of its own', async () => {
    const { exit, stderr } = await runProfiler(OVERHEAD, ['--url', 'ws://127.0.0.1:8000/ws']);
    expect(exit).toBe(2);
    expect(stderr).toContain('TL_USAGE: overhead needs servers that the profiler starts');
  });
});
