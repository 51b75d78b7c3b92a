/**
 * What do connections leave behind that come, go, break and reconnect all at once? Clients connect at a fixed rate and
 * end in every way there is; when all are gone, the server is compared with what it was before. Then many clients lose
 * their connection at once and come back at once, and everything they missed is accounted for.
 */

import type { ChurnResult } from '../../../load-tests/generator/churn/churn-result.ts';
import type { ChurnBody, ChurnLook, ChurnOutline } from '../../record/churn-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { ServerWarmUp } from '../../record/tier-record.ts';
import { findReleasePoints } from '../../run/release-points.ts';
import type { MetricsReading } from '../../sampling/metrics-reading.ts';
import { serverWindow } from '../../sampling/server-window.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import { attempt, endAfter, interruptedBefore } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import { takeChurnLook, UNSEEN_LOOK } from './churn-look.ts';
import { estimateChurnMs, HEARTBEAT_SECS, mostConnections, outlineOf, planChurn } from './churn-outline.ts';
import { CHURN_WARM_UP_MS, warmChurnUp } from './churn-warm-up.ts';
import { ChurnWatch } from './churn-watch.ts';

const WHAT = 'the churn';
const LOOK_MS = 1_000;
/** Connections that nobody told the server of are found within two heartbeats; after that they stay. */
const RELEASE_HEARTBEATS = 2.5;
const UNKNOWN_RELEASE_MS = 10_000;

/** The scenario `churn`. */
export const churn: Scenario<'churn'> = {
  name: 'churn',
  needsSpawnedServer: false,
  demand: (options) => {
    const connections = mostConnections(options);
    return { connections, deliveriesPerSecond: connections * options.broadcastsPerSecond };
  },
  overrides: ({ quick }) =>
    quick
      ? []
      : [
          {
            name: 'HEARTBEAT_SECS',
            value: String(HEARTBEAT_SECS),
            why: `so that silent clients are found within ${2 * HEARTBEAT_SECS} s; the default of 30 s takes a minute`,
          },
        ],
  describe: ({ connectsPerSecond, measureMs, stormClients }) =>
    `${connectsPerSecond} connects/s for ${measureMs / 1_000} s, ${stormClients === 0 ? 'without a storm' : `then a storm of ${stormClients}`}`,
  recorded: ({ connectsPerSecond, measureMs, stormClients, broadcastsPerSecond }) => ({
    connectsPerSecond,
    measureMs,
    stormClients,
    broadcastsPerSecond,
  }),
  nothing: () => bodyOf(emptySoFar()),
  run: runChurn,
};

/** Everything so far; a run that ends early is this much. */
interface SoFar {
  serverWarmUp: ServerWarmUp | undefined;
  outline: ChurnOutline | null;
  heartbeatMs: number | null;
  baseline: ChurnLook;
  baselineReading: MetricsReading | null;
  watch: ChurnWatch | null;
  load: ChurnResult | null;
  end: ChurnLook | null;
  endReading: MetricsReading | null;
  releasePoints: Record<string, string>;
}

function emptySoFar(): SoFar {
  return {
    serverWarmUp: undefined,
    outline: null,
    heartbeatMs: null,
    baseline: UNSEEN_LOOK,
    baselineReading: null,
    watch: null,
    load: null,
    end: null,
    endReading: null,
    releasePoints: {},
  };
}

async function runChurn(context: ScenarioContext): Promise<ScenarioResult<ChurnBody>> {
  const soFar = emptySoFar();
  soFar.releasePoints = await findReleasePoints(context.projectFolder);
  const outcome =
    (await attempt(context, WHAT, () => prepare(context, soFar))) ??
    (await attempt(context, WHAT, () => carryOut(context, soFar)));
  return { outcome: outcome ?? { state: 'completed' }, body: bodyOf(soFar) };
}

/** Warms the server up, then looks at it without a connection. @returns why the run ends here, if it does */
async function prepare(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  soFar.heartbeatMs = heartbeatOf(context);
  soFar.outline = outlineOf(context.options, soFar.heartbeatMs);
  reportBefore(context, 'warm-server', soFar);
  soFar.serverWarmUp = await warmChurnUp(context, soFar.outline, longestReleaseMs(soFar));
  if (context.signal.aborted) return interruptedBefore(WHAT);
  reportBefore(context, 'idle', soFar);
  soFar.baseline = await takeChurnLook(context);
  soFar.baselineReading = await context.target.view.scrape();
  return undefined;
}

/** Longest wait for a server to let go of connections. */
function longestReleaseMs({ heartbeatMs }: Pick<SoFar, 'heartbeatMs'>): number {
  return heartbeatMs === null ? UNKNOWN_RELEASE_MS : RELEASE_HEARTBEATS * heartbeatMs;
}

/** @returns why the run ended early, if it did */
async function carryOut(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const { outline, baseline } = soFar;
  if (outline === null) return interruptedBefore(WHAT);
  const watch = new ChurnWatch(context, {
    baseline,
    longestReleaseMs: longestReleaseMs(soFar),
    remainingAfterMs: LOOK_MS,
  });
  soFar.watch = watch;
  try {
    soFar.load = await context.load.churn(
      planChurn({ ...context, target: context.target.load }, outline),
      watch,
    );
  } finally {
    await watch.sampler.pause();
  }
  const ended = await endAfter(context, soFar.load.state, WHAT);
  if (ended !== undefined) return ended;
  if (soFar.load.storm !== null) await watch.awaitRelease('storm');
  soFar.endReading = await context.target.view.scrape();
  soFar.end = await takeChurnLook(context, baseline);
  return endAfter(context, 'completed', WHAT);
}

/** Known of a server that the profiler started, from the setting it was started with. */
function heartbeatOf({ target }: ScenarioContext): number | null {
  const override = target.overrides.find(({ name }) => name === 'HEARTBEAT_SECS');
  return override === undefined ? null : Number(override.value) * 1_000;
}

function bodyOf(soFar: SoFar): ChurnBody {
  const { serverWarmUp, outline, heartbeatMs, baseline, watch, load, end, releasePoints } = soFar;
  const { baselineReading, endReading } = soFar;
  const settledReading = watch?.settledReading ?? null;
  const figures = watch?.sampler.figures();
  return {
    scenario: 'churn',
    ...(serverWarmUp === undefined ? {} : { serverWarmUp }),
    outline,
    heartbeatMs,
    baseline,
    settled: watch?.settled ?? null,
    end,
    releases: [...(watch?.releases ?? [])],
    load,
    serverWindow: figures?.window ?? serverWindow(null, null),
    serverCounters: targetCounters(baselineReading, settledReading),
    stormCounters: targetCounters(settledReading, endReading),
    serverSamples: [...(figures?.serverSamples ?? [])],
    samples: [...(figures?.samples ?? [])],
    releasePoints,
  };
}

function reportBefore(
  context: ScenarioContext,
  phase: 'warm-server' | 'idle',
  { outline, heartbeatMs }: SoFar,
) {
  const loadMs = outline === null ? 0 : estimateChurnMs(outline, heartbeatMs ?? 0);
  const remainingMs = loadMs + 2 * LOOK_MS + (phase === 'warm-server' ? CHURN_WARM_UP_MS : 0);
  context.report({ phase, step: '', connections: 0, load: null, remainingMs });
}
