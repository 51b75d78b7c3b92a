/**
 * How fast can one match be broadcast to its members? Open rates until one breaks a limit, then publishers that go
 * as fast as they are answered, then the same load without and with readers that stopped reading.
 */

import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { BroadcastBody, BroadcastStep, SlowReaderStep } from '../../record/broadcast-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import { type JudgedStep, sustainedRate } from '../../record/sustained-rate.ts';
import type { IdleRecord, ServerWarmUp, TierRecord } from '../../record/tier-record.ts';
import { IDLE_WATCH_MS, watchIdle } from '../idle-watch.ts';
import { measureTier } from '../measure-tier.ts';
import { nextStep } from '../rate-search.ts';
import { attempt, endAfter, interruptedBefore } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { SERVER_WARM_UP_MS, warmServerUp } from '../server-warm-up.ts';
import {
  closedPlan,
  estimateRestMs,
  estimateStepMs,
  LONG_TEXT,
  ratePlan,
  slowReaderPlan,
  slowReaderRate,
} from './broadcast-plans.ts';

const MOST_BISECTIONS = { quick: 1, full: 3 } as const;

/** The scenario `broadcast`. */
export const broadcast: Scenario<'broadcast'> = {
  name: 'broadcast',
  needsSpawnedServer: false,
  demand: ({ connections, rates }) => ({
    connections,
    deliveriesPerSecond: connections * Math.max(...rates),
  }),
  overrides: () => [],
  describe: ({ connections, rates, measureMs, closedMs }) =>
    `${connections} clients in one match, up to ${rates.join(', ')} broadcasts/s for ${measureMs / 1_000} s each${closedMs === 0 ? '' : `, then ${closedMs / 1_000} s as fast as it is answered`}`,
  recorded: ({ connections, rates, measureMs, warmUpMs, closedMs, publishers, slowReaders }) => ({
    connections,
    rates: rates.join(','),
    measureMs,
    warmUpMs,
    closedMs,
    publishers,
    slowReaders,
  }),
  nothing: (options) => bodyOf(options, nothingYet()),
  run: runBroadcast,
};

/** Everything so far; a run that ends early is this much. */
interface SoFar {
  serverWarmUp: ServerWarmUp | undefined;
  idle: IdleRecord;
  readonly steps: BroadcastStep[];
  /** What the search itself made of the steps. */
  readonly judged: JudgedStep[];
  closed: TierRecord | null;
  readonly slowReaders: SlowReaderStep[];
  /** Loads so far: each has a match of its own. */
  parts: number;
}

function nothingYet(): SoFar {
  return {
    serverWarmUp: undefined,
    idle: { memory: null, cpuCores: null },
    steps: [],
    judged: [],
    closed: null,
    slowReaders: [],
    parts: 0,
  };
}

function bodyOf({ connections, rates }: ScenarioOptions, soFar: SoFar): BroadcastBody {
  const { serverWarmUp, idle, steps, judged, closed, slowReaders } = soFar;
  return {
    scenario: 'broadcast',
    ...(serverWarmUp === undefined ? {} : { serverWarmUp }),
    idle,
    connections,
    rates: [...rates],
    steps,
    sustainedRate: sustainedRate(judged),
    closed,
    slowReaders,
  };
}

async function runBroadcast(context: ScenarioContext): Promise<ScenarioResult<BroadcastBody>> {
  const soFar = nothingYet();
  const outcome = (await prepare(context, soFar)) ??
    (await searchRate(context, soFar)) ??
    (await publishClosed(context, soFar)) ??
    (await compareSlowReaders(context, soFar)) ?? { state: 'completed' };
  return { outcome, body: bodyOf(context.options, soFar) };
}

/** Warms the server up, then looks at it without a connection. @returns why the run ends here, if it does */
async function prepare(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const what = 'the first rate';
  return attempt(context, what, async () => {
    reportBefore(context, 'warm-server');
    soFar.serverWarmUp = await warmServerUp(context, context.options.connections);
    if (context.signal.aborted) return interruptedBefore(what);
    reportBefore(context, 'idle');
    soFar.idle = await watchIdle(context);
    return undefined;
  });
}

/** Measures rate after rate, as {@link nextStep} asks. */
async function searchRate(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const { options, search } = context;
  const { requiredRate } = search;
  const mostBisections = MOST_BISECTIONS[options.quick ? 'quick' : 'full'];
  for (;;) {
    const step = nextStep({ rates: options.rates, requiredRate, mostBisections }, soFar.judged);
    if (step === null) return undefined;
    const end = await measure(context, soFar, {
      what: `${step.rate} broadcasts/s`,
      step: `${step.kind} ${step.rate}/s`,
      plan: ratePlan(context, { index: soFar.parts, rate: step.rate }, step.kind === 'confirmation'),
      remainingAfterMs: remainingAfter(context, soFar.judged),
      keep: (tier) => keepStep(context, soFar, { ...step, tier }),
    });
    if (end !== undefined) return end;
  }
}

function keepStep({ search }: ScenarioContext, soFar: SoFar, step: BroadcastStep): void {
  soFar.steps.push(step);
  const { kind, rate, tier } = step;
  soFar.judged.push({ kind, rate, judgement: search.judge(tier, soFar.idle) });
}

/** About so many rates are left as the search comes to, one at least. */
function remainingAfter({ options }: ScenarioContext, judged: readonly JudgedStep[]): number {
  const expected = options.rates.length + 1;
  return Math.max(1, expected - judged.length) * estimateStepMs(options) + estimateRestMs(options);
}

async function publishClosed(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const { publishers, closedMs } = context.options;
  if (closedMs === 0) return undefined;
  return measure(context, soFar, {
    what: `the closed load of ${publishers} publishers`,
    step: 'closed',
    plan: closedPlan(context, soFar.parts),
    remainingAfterMs: estimateRestMs({ ...context.options, closedMs: 0 }),
    keep: (tier) => {
      soFar.closed = tier;
    },
  });
}

async function compareSlowReaders(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const { slowReaders } = context.options;
  if (slowReaders === 0) return undefined;
  const rate = slowReaderRate(context.options, sustainedRate(soFar.judged));
  for (const count of [0, slowReaders]) {
    const end = await measure(context, soFar, {
      what: count === 0 ? 'the load without slow readers' : 'the load with slow readers',
      step: count === 0 ? 'without slow readers' : `${count} slow ${count === 1 ? 'reader' : 'readers'}`,
      plan: slowReaderPlan(context, { index: soFar.parts, rate }, count),
      remainingAfterMs: count === 0 ? estimateRestMs({ ...context.options, closedMs: 0 }) / 2 : 0,
      keep: (tier) => {
        soFar.slowReaders.push({ slowReaders: count, rate, textLength: LONG_TEXT, tier });
      },
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

interface Measurement {
  /** Names it in a sentence. */
  readonly what: string;
  /** Names it in the progress line. */
  readonly step: string;
  readonly plan: LoadPlan;
  readonly remainingAfterMs: number;
  readonly keep: (tier: TierRecord) => void;
}

function measure(
  context: ScenarioContext,
  soFar: SoFar,
  { what, step, plan, remainingAfterMs, keep }: Measurement,
): Promise<RunOutcome | undefined> {
  soFar.parts += 1;
  return attempt(context, what, async () => {
    const estimatedMs = estimateStepMs({ ...context.options, measureMs: plan.measureMs });
    const tier = await measureTier(context, { plan, step, estimatedMs, remainingAfterMs });
    keep(tier);
    return endAfter(context, tier.load.state, what);
  });
}

function reportBefore({ options, report }: ScenarioContext, phase: 'warm-server' | 'idle'): void {
  const steps = (options.rates.length + 1) * estimateStepMs(options) + estimateRestMs(options);
  const before = IDLE_WATCH_MS + (phase === 'warm-server' ? SERVER_WARM_UP_MS : 0);
  report({ phase, step: '', connections: 0, load: null, remainingMs: steps + before });
}
