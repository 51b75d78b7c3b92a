/** Each way to run the server against the one that it is compared with, over the rounds that can be compared. */

import { roundRatios } from '../../analysis/overhead/analyse-overhead.ts';
import { compareLatency } from '../../analysis/overhead/latency-comparison.ts';
import type { OverheadAnalysis, TurnAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import { estimateRatio } from '../../analysis/overhead/paired-ratio.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { validityOf } from '../validity.ts';
import type { ValidityCode } from '../verdict.ts';
import type { ArmComparison, OverheadVerdict, SpoiltTurn } from './overhead-verdict.ts';

/** The server without instrumentation. */
export const BARE: ArmName = 'off';
/** What is judged. */
export const JUDGED: ArmName = 'metrics';

/** What each is compared with: it has as many turns. */
const COMPARED_WITH: Readonly<Partial<Record<ArmName, ArmName>>> = {
  [JUDGED]: BARE,
  'debug-log': 'twin',
  'cpu-profile': 'twin',
};

/**
 * Problems that bend CPU time for a delivery. A full machine does: caches and hyperthreads are shared. A late
 * reader or an unsteady latency does not, and other work that leaves room meets all servers alike.
 */
const SPOILS_CPU: ReadonlySet<ValidityCode> = new Set([
  'generator-cpu',
  'machine-cpu',
  'rate-not-achieved',
  'load-side-limit',
  'window-cut-short',
  'nothing-measured',
]);

/** Problems that bend latency beside those: a reader that is late hides what the server does in less time. */
const SPOILS_LATENCY: ReadonlySet<ValidityCode> = new Set(['generator-loop', 'negative-latency']);

/** Turns of a rig that was not fit to compare CPU time; and others, that was not fit to compare latency. */
export function spoiltTurns(
  { turns }: OverheadAnalysis,
  record: RunEnvelope,
): Pick<OverheadVerdict, 'spoilt' | 'untimed'> {
  const struck = (turn: TurnAnalysis, codes: ReadonlySet<ValidityCode>): readonly SpoiltTurn[] => {
    const problems = validityOf(turn.tier, record).filter(({ code }) => codes.has(code));
    return problems.length === 0 ? [] : [{ round: turn.round, arm: turn.arm, problems }];
  };
  const spoilt = turns.flatMap((turn) => struck(turn, SPOILS_CPU));
  const untimed = without(turns, spoilt).flatMap((turn) => struck(turn, SPOILS_LATENCY));
  return { spoilt, untimed };
}

/** Every arm that is compared, in their order. A round counts for it when both turns are fit. */
export function compareArms(
  { arms, turns }: OverheadAnalysis,
  { spoilt, untimed }: Pick<OverheadVerdict, 'spoilt' | 'untimed'>,
): readonly ArmComparison[] {
  const fit = without(turns, spoilt);
  const timed = without(fit, untimed);
  return arms.flatMap(({ name }) => {
    const comparedWith = COMPARED_WITH[name];
    if (comparedWith === undefined) return [];
    const rounds = roundRatios(fit, name, comparedWith);
    const estimate = estimateRatio(rounds.map(({ ratio }) => ratio));
    const cost =
      estimate === null ? null : { mean: 1 - estimate.ratio, low: 1 - estimate.high, high: 1 - estimate.low };
    const latency = compareLatency(timed, name, comparedWith);
    return [{ arm: name, comparedWith, rounds, estimate, cost, latency }];
  });
}

/** The turns that are not among the spoilt ones. */
export function without(
  turns: readonly TurnAnalysis[],
  spoilt: readonly SpoiltTurn[],
): readonly TurnAnalysis[] {
  return turns.filter(({ round, arm }) => !spoilt.some((turn) => turn.round === round && turn.arm === arm));
}
