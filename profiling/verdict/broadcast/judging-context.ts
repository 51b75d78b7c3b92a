/** What every check and finding of a broadcast run needs to see. */

import {
  type BroadcastAnalysis,
  type LabelledTier,
  loadsOf,
  type StepAnalysis,
} from '../../analysis/broadcast/broadcast-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { BroadcastRecord } from '../../record/broadcast-record.ts';
import {
  ceilingOf,
  type JudgedRate,
  type StepJudgement,
  sustainedRate,
} from '../../record/sustained-rate.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { formatList } from '../quantities.ts';
import { type Limits, limitsOf } from '../thresholds.ts';
import { validityOf } from '../validity.ts';
import type { ValidityCode, ValidityProblem } from '../verdict.ts';
import { judgeStep } from './judge-step.ts';
import { requiredRate } from './required-rate.ts';

/** A step of the search with what it was found to be. */
export interface JudgedStepAnalysis extends StepAnalysis {
  readonly problems: readonly ValidityProblem[];
  readonly judgement: StepJudgement;
}

/** A load of the run, with the doubts about its rig. */
export interface JudgedLoad extends LabelledTier {
  /** Those that matter for what is read from this load. */
  readonly problems: readonly ValidityProblem[];
  /** All there are. */
  readonly allProblems: readonly ValidityProblem[];
}

export interface JudgingContext {
  readonly record: BroadcastRecord;
  readonly analysis: BroadcastAnalysis;
  readonly limits: Limits;
  readonly steps: readonly JudgedStepAnalysis[];
  /** Every load, the steps among them, in the order they were run. */
  readonly loads: readonly JudgedLoad[];
  readonly requiredRate: number;
  readonly sustainedRate: number | null;
  /** The lowest rate that did not hold. */
  readonly ceiling: JudgedRate | null;
  /** The step that latency is judged by: at the sustained rate, or where that is too low at what stopped it. */
  readonly judged: JudgedStepAnalysis | null;
}

/** Lessons from a full machine or a late loop are about latency; a closed load fills the machine by design. */
const ABOUT_COUNTS: ReadonlySet<ValidityCode> = new Set([
  'counters-disagree',
  'ledger-does-not-add-up',
  'delivered-above-expected',
  'load-side-limit',
  'identical-ceilings',
  'window-cut-short',
]);

export function contextOf(record: BroadcastRecord, analysis: BroadcastAnalysis): JudgingContext {
  const { thresholds, connections, rates } = record;
  const limits = limitsOf(thresholds);
  const steps = analysis.steps.map((step) => {
    const problems = validityOf(step.tier, record);
    return { ...step, problems, judgement: judgeStep(step.tier, problems, limits) };
  });
  const required = requiredRate({ connections, thresholds, limits, highestRate: Math.max(...rates) });
  const sustained = sustainedRate(steps);
  const ceiling = ceilingOf(steps);
  const told = sustained !== null && sustained >= required ? sustained : ceiling?.rate;
  return {
    record,
    analysis,
    limits,
    steps,
    loads: loadsOf(analysis).map((load) => judgedLoad(load, steps, record)),
    requiredRate: required,
    sustainedRate: sustained,
    ceiling,
    judged: lastAt(steps, told) ?? steps.at(-1) ?? null,
  };
}

/** Of a load that is not judged by its latency, only what concerns its counts matters. */
function judgedLoad(
  load: LabelledTier,
  steps: readonly JudgedStepAnalysis[],
  record: BroadcastRecord,
): JudgedLoad {
  const allProblems = validityOf(load.tier, record);
  const isStep = steps.some(({ tier }) => tier === load.tier);
  const problems = isStep ? allProblems : allProblems.filter(({ code }) => ABOUT_COUNTS.has(code));
  return { ...load, problems, allProblems };
}

/** The problems that make a verdict of this run doubtful: of the judged step all, of any other load those of its counts. */
export function doubtsOf({ judged }: JudgingContext, load: JudgedLoad): readonly ValidityProblem[] {
  return load.problems.filter(
    ({ code }) => ABOUT_COUNTS.has(code) || (load.tier === judged?.tier && code !== 'other-load'),
  );
}

/** The last of the steps at a rate, one that held before one that did not. */
function lastAt(
  steps: readonly JudgedStepAnalysis[],
  rate: number | undefined,
): JudgedStepAnalysis | undefined {
  const own = steps.filter((step) => step.rate === rate);
  return own.filter((step) => step.judgement === 'held').at(-1) ?? own.at(-1);
}

/** What concerns the load as a whole. */
export function loadOf({ record, limits, loads }: JudgingContext): LoadContext {
  const labels = new Map<TierAnalysis, string>(loads.map(({ tier, label }) => [tier, label]));
  return {
    record,
    limits,
    tiers: loads.map(({ tier }) => tier),
    placesOf: (tiers) => `in ${formatList(tiers.map((tier) => labels.get(tier) ?? ''))}`,
  };
}
