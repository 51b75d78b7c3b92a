/** Each way to run the server against the one without instrumentation, over the rounds that can be compared. */

import { roundRatios } from '../../analysis/overhead/analyse-overhead.ts';
import type { OverheadAnalysis, TurnAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import { estimateRatio } from '../../analysis/overhead/paired-ratio.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { validityOf } from '../validity.ts';
import type { ValidityCode } from '../verdict.ts';
import type { ArmComparison, SpoiltTurn } from './overhead-verdict.ts';

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

/** Turns of a rig that was not fit to compare CPU time. */
export function spoiltTurns(analysis: OverheadAnalysis, record: RunEnvelope): readonly SpoiltTurn[] {
  return analysis.turns.flatMap(({ round, arm, tier }) => {
    const problems = validityOf(tier, record).filter(({ code }) => SPOILS_CPU.has(code));
    return problems.length === 0 ? [] : [{ round, arm, problems }];
  });
}

/** Every arm that is compared, in their order. A round counts for it when both turns are fit. */
export function compareArms(
  { arms, turns }: OverheadAnalysis,
  spoilt: readonly SpoiltTurn[],
): readonly ArmComparison[] {
  const fit = turns.filter((turn) => !isSpoilt(turn, spoilt));
  return arms.flatMap(({ name }) => {
    const comparedWith = COMPARED_WITH[name];
    if (comparedWith === undefined) return [];
    const rounds = roundRatios(fit, name, comparedWith);
    const estimate = estimateRatio(rounds.map(({ ratio }) => ratio));
    const cost =
      estimate === null ? null : { mean: 1 - estimate.ratio, low: 1 - estimate.high, high: 1 - estimate.low };
    return [{ arm: name, comparedWith, rounds, estimate, cost }];
  });
}

function isSpoilt({ round, arm }: TurnAnalysis, spoilt: readonly SpoiltTurn[]): boolean {
  return spoilt.some((turn) => turn.round === round && turn.arm === arm);
}
