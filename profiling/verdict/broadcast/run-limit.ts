/** What kept the search from a higher rate. */

import { formatRate } from '../quantities.ts';
import { limitOfTier } from '../tier-limit.ts';
import type { Limit } from '../verdict.ts';
import type { StepVerdict } from './broadcast-verdict.ts';
import { brokenInStep } from './judge-step.ts';
import type { JudgedStepAnalysis, JudgingContext } from './judging-context.ts';

export function stepVerdicts(context: JudgingContext): readonly StepVerdict[] {
  return context.steps.map((step) => ({
    label: step.label,
    rate: step.rate,
    judgement: step.judgement,
    broken: brokenInStep(step.tier, context.limits),
    limit: limitOfStep(step, context),
  }));
}

/** The limit of the lowest rate that did not hold. */
export function limitOfRun({ ceiling, steps, record, limits }: JudgingContext): Limit {
  const stopped = steps
    .filter(({ rate, judgement }) => rate === ceiling?.rate && judgement !== 'held')
    .at(-1);
  // A step that was cut short did not end by any limit.
  if (stopped !== undefined && stopped.tier.state !== 'completed' && record.outcome.state !== 'completed') {
    return { kind: 'none', sentence: `the run ended early: ${record.outcome.message}` };
  }
  if (stopped !== undefined) {
    const { kind, sentence } = limitOfStep(stopped, { record, limits });
    const rig = stopped.judgement === 'doubtful' ? 'the rig was the limit: ' : '';
    return { kind, sentence: `at ${formatRate(stopped.rate)} ${rig}${sentence}` };
  }
  const highest = steps.reduce((found, { rate }) => Math.max(found, rate), 0);
  if (highest === 0) return { kind: 'none', sentence: 'no rate was measured' };
  const end = record.outcome.state === 'completed' ? 'asked for' : 'measured before the run ended early';
  return { kind: 'none', sentence: `nothing gave way up to ${formatRate(highest)}, the highest rate ${end}` };
}

function limitOfStep(
  { tier, problems }: JudgedStepAnalysis,
  { record, limits }: Pick<JudgingContext, 'record' | 'limits'>,
): Limit {
  return limitOfTier({ tier, broken: brokenInStep(tier, limits), problems, record, limits });
}
