/**
 * Does the server give back what its connections took? Cycles of clients that join, exchange, unsubscribe or stay,
 * and leave; what the server still tracks after the last is compared with what it tracked after the warm-up.
 */

import type { LifecycleSample } from '../../record/lifecycle-record.ts';
import type { MemoryBody, MemoryCycle } from '../../record/memory-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { findReleasePoints } from '../../run/release-points.ts';
import { leastLifecycle } from '../../sampling/least-lifecycle.ts';
import { takeLifecycleSample } from '../../sampling/lifecycle-sample.ts';
import { readOwnHeapBytes } from '../../sampling/own-heap.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioProgress, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { type CycleKind, cycleOf, estimateCycleMs, planCycle, WARM_UP_CYCLES } from './cycle-plan.ts';
import { type HeapFindings, HeapWatch } from './heap-watch.ts';
import { lookAtMemory, runCycle } from './run-cycle.ts';

/** Looks at what the server tracks; each figure's least counts. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 300;
/** About how long counting the classes takes. */
const CLASSES_MS = 500;
/** And a snapshot of the reference server. */
const SNAPSHOT_MS = 1_500;

/** The scenario `memory`. */
export const memory: Scenario<'memory'> = {
  name: 'memory',
  needsSpawnedServer: false,
  demand: (options) => {
    const { connections, broadcastsPerSecond } = cycleOf('warm-up', options);
    return { connections, deliveriesPerSecond: connections * broadcastsPerSecond };
  },
  overrides: () => [],
  advice: () =>
    readOwnHeapBytes() === null
      ? [
          "without --expose-gc the profiler cannot collect its own garbage: the report then lacks the proof that the load side did not leak either (node --expose-gc profiling/memory-test.js); the server's memory is measured all the same",
        ]
      : [],
  describe: (options) =>
    `${WARM_UP_CYCLES} warm-up and ${options.cycles} measured cycles of ${options.connections} connections that join, exchange and leave`,
  recorded: (options) => {
    const { connections, broadcastsPerSecond, measureMs } = cycleOf('measured', options);
    return { cycles: options.cycles, connections, broadcastsPerSecond, measureMs };
  },
  nothing: (options) => toBody(options, nothingYet(), { releasePoints: {}, heap: {} }),
  run: runMemory,
};

/** Everything so far; a run that ends early is this much. */
interface SoFar {
  initial: MemorySample | null;
  readonly cycles: MemoryCycle[];
  final: MemorySample | null;
  baseline: LifecycleSample | null;
  end: LifecycleSample | null;
  ownHeapBytes: { baseline: number | null; end: number | null };
}

function nothingYet(): SoFar {
  return {
    initial: null,
    cycles: [],
    final: null,
    baseline: null,
    end: null,
    ownHeapBytes: { baseline: null, end: null },
  };
}

function toBody(
  { connections }: ScenarioOptions,
  soFar: SoFar,
  { releasePoints, heap }: { releasePoints: MemoryBody['releasePoints']; heap: HeapFindings },
): MemoryBody {
  const { initial, cycles, final, baseline, end, ownHeapBytes } = soFar;
  const { baseline: baselineBytes, end: endBytes } = ownHeapBytes;
  const profilerHeap = baselineBytes === null || endBytes === null ? null : { baselineBytes, endBytes };
  return {
    scenario: 'memory',
    connections,
    initial,
    cycles,
    final,
    baseline,
    end,
    releasePoints,
    ...heap,
    profilerHeap,
  };
}

async function runMemory(context: ScenarioContext): Promise<ScenarioResult<MemoryBody>> {
  const soFar = nothingYet();
  const heapWatch = new HeapWatch(context);
  try {
    const outcome = (await steps(context, soFar, heapWatch)) ?? { state: 'completed' };
    const releasePoints = await findReleasePoints(context.projectFolder);
    const heap = await heapWatch.compare(endedConnections(soFar));
    return { outcome, body: toBody(context.options, soFar, { releasePoints, heap }) };
  } finally {
    await heapWatch.close();
  }
}

function endedConnections({ cycles }: SoFar): number {
  const measured = cycles.filter(({ kind }) => kind === 'measured');
  return measured.reduce((total, { load }) => total + load.connect.connected, 0);
}

/** @returns why the run ends early, if it does */
async function steps(
  context: ScenarioContext,
  soFar: SoFar,
  heapWatch: HeapWatch,
): Promise<RunOutcome | undefined> {
  const initial = await attempt(context, 'the server without a connection', async () => {
    reportIdle(context, soFar);
    soFar.initial = await lookAtMemory(context, { connections: 0, collect: true });
    return undefined;
  });
  const half = Math.floor(context.options.cycles / 2);
  return (
    initial ??
    (await cycles(context, soFar, { kind: 'warm-up', count: WARM_UP_CYCLES })) ??
    (await attempt(context, 'the baseline', async () => {
      reportIdle(context, soFar);
      soFar.baseline = await lookAtLifecycle(context);
      soFar.ownHeapBytes.baseline = readOwnHeapBytes();
      await heapWatch.look(lastCollected(soFar));
      await heapWatch.startAllocations();
      return undefined;
    })) ??
    (await cycles(context, soFar, { kind: 'measured', count: half })) ??
    (await attempt(context, 'the middle', async () => {
      reportIdle(context, soFar);
      await heapWatch.look(lastCollected(soFar));
      return undefined;
    })) ??
    (await cycles(context, soFar, { kind: 'measured', count: context.options.cycles - half })) ??
    (await attempt(context, 'the end', async () => {
      reportIdle(context, soFar);
      await heapWatch.stopAllocations();
      soFar.end = await lookAtLifecycle(context);
      soFar.final = await lookAtMemory(context, { connections: 0, collect: true });
      soFar.ownHeapBytes.end = readOwnHeapBytes();
      await heapWatch.look(soFar.final);
      return undefined;
    }))
  );
}

function lastCollected({ cycles }: SoFar): MemorySample | null {
  return cycles.at(-1)?.collected ?? null;
}

async function cycles(
  context: ScenarioContext,
  soFar: SoFar,
  { kind, count }: { readonly kind: CycleKind; readonly count: number },
): Promise<RunOutcome | undefined> {
  const { options } = context;
  for (let done = 0; done < count; done += 1) {
    const index = soFar.cycles.length;
    const number = kind === 'warm-up' ? index + 1 : index + 1 - WARM_UP_CYCLES;
    const what = kind === 'warm-up' ? `warm-up cycle ${number}` : `cycle ${number}`;
    const end = await attempt(context, what, async () => {
      const cycle = await runCycle(context, {
        kind,
        plan: planCycle(context, kind, index),
        step: `cycle ${index + 1}/${WARM_UP_CYCLES + options.cycles}`,
        estimatedMs: estimateCycleMs(kind, options),
        remainingAfterMs: remainingMs(options, index + 1),
      });
      soFar.cycles.push(cycle);
      return endAfter(context, cycle.load.state, what);
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

/**
 * Always the same way, so that what looking itself leaves behind is the same in both. Classes are counted in the last
 * look only: each costs several collections, and nothing of theirs is on its way out after the looks before.
 */
async function lookAtLifecycle(context: ScenarioContext): Promise<LifecycleSample | null> {
  const looks: LifecycleSample[] = [];
  for (let look = 0; look < LOOKS && !context.signal.aborted; look += 1) {
    await context.wait(BETWEEN_LOOKS_MS);
    const sample = await takeLifecycleSample(context.target.view, { withClasses: look === LOOKS - 1 });
    if (sample === null) return null;
    looks.push(sample);
  }
  return leastLifecycle(looks);
}

/** @param done cycles that are over */
function remainingMs(options: ScenarioOptions, done: number): number {
  const looksMs = LOOKS * BETWEEN_LOOKS_MS + CLASSES_MS + SNAPSHOT_MS;
  const warmUps = Math.max(0, WARM_UP_CYCLES - done);
  const measured = options.cycles - Math.max(0, done - WARM_UP_CYCLES);
  return (
    warmUps * estimateCycleMs('warm-up', options) +
    measured * estimateCycleMs('measured', options) +
    looksMs * (done < WARM_UP_CYCLES ? 2 : 1)
  );
}

function reportIdle({ options, report }: ScenarioContext, { cycles: done }: SoFar): void {
  const phase: ScenarioProgress['phase'] = 'idle';
  report({ phase, step: '', connections: 0, load: null, remainingMs: remainingMs(options, done.length) });
}
