/**
 * What do metrics, logs and profiling cost? The instrumentation of one server is switched off and on under load, so that the
 * arms share its process and whatever the machine does; servers that are started in another way take turns with it.
 */

import type { OverheadBody, OverheadTurn } from '../../record/overhead-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { planTier } from '../tier-plan.ts';
import { ARM_SERVERS, ARMS, type ArmServerPlan, serversOfRound, turnsOver } from './arms.ts';
import { measureTurn } from './measure-turn.ts';
import { ScrapeClock } from './scrape-clock.ts';
import { slicesOf, slotsIn } from './slices.ts';

/**
 * Until the code of a fresh server runs as fast as it will: seen on two cores, CPU a delivery fell by a quarter over
 * the first 5,000 broadcasts.
 */
const WARM_UP_MS = 7_000;
/** Connecting, joining, draining and leaving. */
const TURN_MARGIN_MS = 900;
/** Beyond any turn's match. */
const WARM_UP_INDEX = 100_000;

/** The scenario `overhead`. */
export const overhead: Scenario<'overhead'> = {
  name: 'overhead',
  needsSpawnedServer: true,
  demand: ({ connections, broadcastsPerSecond }) => ({
    connections,
    deliveriesPerSecond: connections * broadcastsPerSecond,
  }),
  overrides: () => [],
  describe: ({ connections, broadcastsPerSecond, rounds, measureMs }) =>
    `${connections} clients at ${broadcastsPerSecond} broadcasts/s against ${ARMS.map(({ name }) => name).join(', ')}, ${rounds} rounds of ${measureMs / 1_000} s each`,
  recorded: ({ connections, broadcastsPerSecond, rounds, measureMs, warmUpMs }) => ({
    connections,
    broadcastsPerSecond,
    rounds,
    measureMs,
    warmUpMs,
  }),
  nothing: (options) => bodyOf(options, []),
  run: runOverhead,
};

function bodyOf({ connections, broadcastsPerSecond }: ScenarioOptions, turns: OverheadTurn[]): OverheadBody {
  return {
    scenario: 'overhead',
    connections,
    rate: broadcastsPerSecond,
    arms: ARMS.map(({ name, what, settings }) => ({ name, what, settings })),
    turns,
  };
}

interface RunningServer extends ArmServerPlan {
  readonly target: Target;
  readonly scrapes: ScrapeClock;
}

async function runOverhead(context: ScenarioContext): Promise<ScenarioResult<OverheadBody>> {
  const turns: OverheadTurn[] = [];
  const servers: RunningServer[] = [];
  try {
    const outcome =
      (await startAll(context, servers)) ??
      (await warmUp(context, servers)) ??
      (await takeTurns(context, servers, turns));
    return { outcome, body: bodyOf(context.options, turns) };
  } finally {
    const variants = servers.filter(({ variant }) => variant !== undefined);
    await Promise.all(variants.map(({ target }) => target.close()));
  }
}

/** @returns why the run ends here, if it does */
async function startAll(context: ScenarioContext, servers: RunningServer[]): Promise<RunOutcome | undefined> {
  for (const plan of ARM_SERVERS) {
    const end = await attempt(context, `the start of the server ${plan.name}`, async () => {
      const { variant } = plan;
      const target = variant === undefined ? context.target : await context.spawnVariant(variant);
      // Only its cost is wanted; a scrape that fails is one that costs less, and the counters after it will tell.
      const scrapes = new ScrapeClock(() => void target.view.scrape());
      servers.push({ ...plan, target, scrapes });
      return undefined;
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The same load for each, not measured. */
async function warmUp(
  context: ScenarioContext,
  servers: readonly RunningServer[],
): Promise<RunOutcome | undefined> {
  for (const [index, { name, target }] of servers.entries()) {
    const what = `the warm-up of the server ${name}`;
    const end = await attempt(context, what, async () => {
      const { options, report, load } = context;
      const measureMs = warmUpMs(options);
      const left =
        measureMs * (servers.length - index) + turnsMs(options, turnsOver(servers, options.rounds));
      report({ phase: 'warm-server', step: name, connections: 0, load: null, remainingMs: left });
      const plan = {
        ...planOf(context, target, WARM_UP_INDEX + index),
        warmUpMs: 0,
        measureMs,
      };
      const silent = { phase: () => undefined, progress: () => undefined };
      const { state } = await load.run(plan, silent);
      return endAfter({ ...context, target }, state, what);
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Round after round, each server at most once in each. @returns how the run ended */
async function takeTurns(
  context: ScenarioContext,
  servers: readonly RunningServer[],
  turns: OverheadTurn[],
): Promise<RunOutcome> {
  const { options } = context;
  const total = turnsOver(servers, options.rounds);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { name, target, arms, scrapes } of serversOfRound(servers, round)) {
      const what = `round ${round + 1}, the turn of ${name}`;
      const end = await attempt({ ...context, target }, what, async () => {
        const turn = await measureTurn(context, {
          server: target,
          slices: slicesOf(arms, round, options.measureMs),
          scrapes,
          plan: { ...planOf(context, target, turns.length), latencySlots: slotsIn(options.measureMs) },
          step: `round ${round + 1}/${options.rounds}, ${name}`,
          remainingMs: turnsMs(options, total - turns.length),
        });
        turns.push({ round: round + 1, ...turn });
        return endAfter({ ...context, target }, turn.tier.load.state, what);
      });
      if (end !== undefined) return end;
    }
  }
  return { state: 'completed' };
}

function planOf({ options, startedAt }: ScenarioContext, server: Target, tierIndex: number) {
  const { connections } = options;
  return planTier({ options, startedAt, target: server.load, tierIndex, connections });
}

/** No longer than a server is measured: a few short turns are a trial. */
function warmUpMs({ rounds, measureMs }: ScenarioOptions): number {
  return Math.min(WARM_UP_MS, rounds * measureMs);
}

function turnsMs({ warmUpMs, measureMs }: ScenarioOptions, turns: number): number {
  return turns * (warmUpMs + measureMs + TURN_MARGIN_MS);
}
