/** The ways to run the server that are compared, and the servers that run so. */

import type { ArmName, OverheadArm } from '../../record/overhead-record.ts';
import type { ServerVariant } from '../scenario.ts';
import { turnOrder } from './turn-order.ts';

/** An arm as it is run. */
export interface ArmPlan extends OverheadArm {
  /** Whether its metrics are read once a second, as Prometheus would. */
  readonly scraped: boolean;
}

/** A server, and the ways it is run in each of its turns. */
export interface ArmServerPlan {
  readonly name: ArmName;
  /** One; or two that the server is switched between, the one without instrumentation first. */
  readonly arms: readonly ArmPlan[];
  /** How it is started; undefined: it is the server that the profiler started anyway. */
  readonly variant: ServerVariant | undefined;
  /** Rounds from one turn to its next: what is judged needs more of them than what is only shown. */
  readonly everyRounds: number;
}

const SHOWN_EVERY_ROUNDS = 6;

const PROFILES = 'cpu-profile';

const OFF: ArmPlan = {
  name: 'off',
  what: 'the same server as metrics, its instrumentation switched off for half of each turn: nothing is sampled, timed or scraped',
  settings: {},
  scraped: false,
};

const METRICS: ArmPlan = {
  name: 'metrics',
  what: 'the server as it comes: metrics on and scraped once a second, log level info',
  settings: {},
  scraped: true,
};

const TWIN: ArmPlan = {
  name: 'twin',
  what: 'a second server as it comes, with as few turns as those below, which are compared with it: a server that rests is slower at first',
  settings: {},
  scraped: true,
};

const DEBUG_LOG: ArmPlan = {
  name: 'debug-log',
  what: 'metrics scraped once a second, and every log line there is (level trace)',
  settings: { LOG_LEVEL: 'trace' },
  scraped: true,
};

const CPU_PROFILE: ArmPlan = {
  name: 'cpu-profile',
  what: 'metrics scraped once a second, and a CPU profile by node --cpu-prof',
  settings: {},
  scraped: true,
};

export const ARMS: readonly ArmPlan[] = [OFF, METRICS, TWIN, DEBUG_LOG, CPU_PROFILE];

/** `metrics` is the server as it comes. */
export const ARM_SERVERS: readonly ArmServerPlan[] = [
  { name: 'metrics', arms: [OFF, METRICS], variant: undefined, everyRounds: 1 },
  shown(TWIN, () => []),
  shown(DEBUG_LOG, () => []),
  shown(CPU_PROFILE, (runFolder) => ['--cpu-prof', `--cpu-prof-dir=${runFolder}/${PROFILES}`]),
];

function shown(arm: ArmPlan, nodeOptions: ServerVariant['nodeOptions']): ArmServerPlan {
  const { name, settings } = arm;
  const variant = { name, settings, nodeOptions };
  return { name, arms: [arm], variant, everyRounds: SHOWN_EVERY_ROUNDS };
}

/** Whose turn it is in a round, from 0. */
export function serversOfRound<Server extends ArmServerPlan>(
  servers: readonly Server[],
  round: number,
): readonly Server[] {
  const present = servers.filter(({ everyRounds }) => round % everyRounds === 0);
  // Rounds with the same servers are told apart by how many of them there were.
  return turnOrder(present, round / Math.max(...present.map(({ everyRounds }) => everyRounds)));
}

/** Turns of all servers over so many rounds. */
export function turnsOver(servers: readonly ArmServerPlan[], rounds: number): number {
  return servers.reduce((turns, { everyRounds }) => turns + Math.ceil(rounds / everyRounds), 0);
}
