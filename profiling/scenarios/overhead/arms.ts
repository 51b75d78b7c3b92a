/** The ways to run the server that are compared. */

import type { ArmName, OverheadArm } from '../../record/overhead-record.ts';
import type { ServerVariant } from '../scenario.ts';
import { turnOrder } from './turn-order.ts';

/** An arm as it is run. */
export interface ArmPlan extends OverheadArm {
  /** Whether its metrics are read once a second, as Prometheus would. */
  readonly scraped: boolean;
  /** How it is started; undefined: it is the server that the profiler started anyway. */
  readonly variant: ServerVariant | undefined;
  /** Rounds from one turn to its next: what is judged needs more of them than what is only shown. */
  readonly everyRounds: number;
}

const SHOWN_EVERY_ROUNDS = 3;

const PROFILES = 'cpu-profile';

/** `off` first: the others are compared with it. `metrics` is the server as it comes. */
export const ARMS: readonly ArmPlan[] = [
  arm('off', 'no metrics are taken, nothing is scraped, nothing is logged', {
    scraped: false,
    everyRounds: 1,
    settings: { INSTRUMENTATION: 'off', LOG_LEVEL: 'silent' },
  }),
  {
    name: 'metrics',
    what: 'the server as it comes: metrics on and scraped once a second, log level info',
    settings: {},
    scraped: true,
    everyRounds: 1,
    variant: undefined,
  },
  arm('debug-log', 'metrics scraped once a second, and every log line there is (level trace)', {
    scraped: true,
    settings: { LOG_LEVEL: 'trace' },
  }),
  arm('cpu-profile', 'metrics scraped once a second, and a CPU profile by node --cpu-prof', {
    scraped: true,
    settings: {},
    nodeOptions: (runFolder) => ['--cpu-prof', `--cpu-prof-dir=${runFolder}/${PROFILES}`],
  }),
];

interface ArmLook extends Pick<ArmPlan, 'scraped' | 'settings'>, Partial<Pick<ArmPlan, 'everyRounds'>> {
  readonly nodeOptions?: ServerVariant['nodeOptions'];
}

function arm(name: ArmName, what: string, look: ArmLook): ArmPlan {
  const { scraped, settings, everyRounds = SHOWN_EVERY_ROUNDS, nodeOptions = () => [] } = look;
  // A fault must show as a cost of what it is switched on in.
  const isClean = !scraped;
  return { name, what, settings, scraped, everyRounds, variant: { name, settings, nodeOptions, isClean } };
}

/** Whose turn it is in a round, from 0. */
export function armsOfRound<Arm extends ArmPlan>(arms: readonly Arm[], round: number): readonly Arm[] {
  return turnOrder(
    arms.filter(({ everyRounds }) => round % everyRounds === 0),
    round,
  );
}

/** Turns of all arms over so many rounds. */
export function turnsOver(arms: readonly ArmPlan[], rounds: number): number {
  return arms.reduce((turns, { everyRounds }) => turns + Math.ceil(rounds / everyRounds), 0);
}
