/**
 * What do metrics, logs and profiling cost? Servers that differ in nothing else run side by side, and the same load
 * goes to one after the other, round after round, so that whatever the machine does in the meantime meets them all.
 */

import type { OverheadBody, OverheadTurn } from '../../record/overhead-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { planTier } from '../tier-plan.ts';
import { ARMS, type ArmPlan, armsOfRound, turnsOver } from './arms.ts';
import { measureTurn } from './measure-turn.ts';

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

interface RunningArm extends ArmPlan {
  readonly server: Target;
}

async function runOverhead(context: ScenarioContext): Promise<ScenarioResult<OverheadBody>> {
  const turns: OverheadTurn[] = [];
  const arms: RunningArm[] = [];
  try {
    const outcome =
      (await startAll(context, arms)) ??
      (await warmUp(context, arms)) ??
      (await takeTurns(context, arms, turns));
    return { outcome, body: bodyOf(context.options, turns) };
  } finally {
    const variants = arms.filter(({ variant }) => variant !== undefined);
    await Promise.all(variants.map(({ server }) => server.close()));
  }
}

/** @returns why the run ends here, if it does */
async function startAll(context: ScenarioContext, arms: RunningArm[]): Promise<RunOutcome | undefined> {
  for (const arm of ARMS) {
    const end = await attempt(context, `the start of the server ${arm.name}`, async () => {
      const { variant } = arm;
      const server = variant === undefined ? context.target : await context.spawnVariant(variant);
      arms.push({ ...arm, server });
      return undefined;
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The same load for each, not measured. */
async function warmUp(
  context: ScenarioContext,
  arms: readonly RunningArm[],
): Promise<RunOutcome | undefined> {
  for (const [index, { name, server }] of arms.entries()) {
    const what = `the warm-up of the server ${name}`;
    const end = await attempt(context, what, async () => {
      const { options, report, load } = context;
      const measureMs = warmUpMs(options);
      const left = measureMs * (arms.length - index) + turnsMs(options, turnsOver(arms, options.rounds));
      report({ phase: 'warm-server', step: name, connections: 0, load: null, remainingMs: left });
      const plan = {
        ...planOf(context, server, WARM_UP_INDEX + index),
        warmUpMs: 0,
        measureMs,
      };
      const silent = { phase: () => undefined, progress: () => undefined };
      const { state } = await load.run(plan, silent);
      return endAfter({ ...context, target: server }, state, what);
    });
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Round after round, each arm at most once in each. @returns how the run ended */
async function takeTurns(
  context: ScenarioContext,
  arms: readonly RunningArm[],
  turns: OverheadTurn[],
): Promise<RunOutcome> {
  const { options } = context;
  const total = turnsOver(arms, options.rounds);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { name, server, scraped } of armsOfRound(arms, round)) {
      const what = `round ${round + 1}, the turn of ${name}`;
      const end = await attempt({ ...context, target: server }, what, async () => {
        const turn = await measureTurn(context, {
          server,
          scraped,
          plan: planOf(context, server, turns.length),
          step: `round ${round + 1}/${options.rounds}, ${name}`,
          remainingMs: turnsMs(options, total - turns.length),
        });
        turns.push({ round: round + 1, arm: name, ...turn });
        return endAfter({ ...context, target: server }, turn.tier.load.state, what);
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
