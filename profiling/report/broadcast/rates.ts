/** One step for each rate: what charts and tables over rates show. */

import type { BroadcastAnalysis, StepAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { BroadcastVerdict, StepVerdict } from '../../verdict/broadcast/broadcast-verdict.ts';
import { formatAskedRate } from '../../verdict/quantities.ts';

export interface ShownRate {
  readonly step: StepAnalysis;
  readonly verdict: StepVerdict;
}

/** Ascending. Of several steps at a rate the one that counts: a confirmation, then one that held, then the last. */
export function shownRates(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): readonly ShownRate[] {
  const all = analysis.steps.flatMap((step, index) => {
    const own = verdict.steps[index];
    return own === undefined ? [] : [{ step, verdict: own }];
  });
  const rates = [...new Set(all.map(({ step }) => step.rate))].sort((a, b) => a - b);
  return rates.flatMap((rate) => {
    const own = all.filter(({ step }) => step.rate === rate);
    const confirmed = own.filter(({ step }) => step.kind === 'confirmation');
    const counted = confirmed.length > 0 ? confirmed : own;
    return counted.filter(({ verdict: found }) => found.judgement === 'held').at(-1) ?? counted.at(-1) ?? [];
  });
}

/** Labels of a rate axis. */
export function rateLabels(rates: readonly ShownRate[]): readonly string[] {
  return rates.map(({ step }) => formatAskedRate(step.rate));
}

/** The step that latency is judged by. */
export function judgedStepOf(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): StepAnalysis | null {
  return verdict.judgedStep === null ? null : (analysis.steps[verdict.judgedStep] ?? null);
}

/** `400`; `none` where the lowest rate broke a limit; `unknown` where only the rig or an early end was in the way. */
export function sustainedText({ sustainedRate, steps }: BroadcastVerdict): string {
  if (sustainedRate !== null) return formatAskedRate(sustainedRate);
  return steps.some(({ judgement }) => judgement === 'slow' || judgement === 'broken') ? 'none' : 'unknown';
}
