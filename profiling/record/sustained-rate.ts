/**
 * Which rate a list of judged steps sustains. The search that makes the steps and the verdict that judges them
 * anew both ask here, so that they cannot mean different things by it.
 */

import type { BroadcastStep } from './broadcast-record.ts';

/**
 * `held`: every limit, on a healthy rig. `slow`: a latency limit broke by more than the rig can have added.
 * `broken`: connections, errors or deliveries did not add up, which no rig excuses. `doubtful`: nothing can be said.
 */
export type StepJudgement = 'held' | 'slow' | 'broken' | 'doubtful';

export interface JudgedStep extends Pick<BroadcastStep, 'kind' | 'rate'> {
  readonly judgement: StepJudgement;
}

/** A rate and what all its steps together say of it. */
export interface JudgedRate {
  readonly rate: number;
  readonly judgement: StepJudgement;
}

/**
 * Each rate once, ascending. One step that held outweighs others of the same kind, since noise only makes things
 * worse; a confirmation, which is longer, outweighs whatever came before it.
 */
export function judgedRates(steps: readonly JudgedStep[]): readonly JudgedRate[] {
  const rates = [...new Set(steps.map((step) => step.rate))].sort((a, b) => a - b);
  return rates.flatMap((rate) => {
    const own = steps.filter((step) => step.rate === rate);
    const confirmations = own.filter((step) => step.kind === 'confirmation');
    const counted = confirmations.length > 0 ? confirmations : own;
    const judgement = counted.some((step) => step.judgement === 'held') ? 'held' : counted.at(-1)?.judgement;
    return judgement === undefined ? [] : [{ rate, judgement }];
  });
}

/** The highest rate that held, all lower ones holding too; null when the lowest did not. */
export function sustainedRate(steps: readonly JudgedStep[]): number | null {
  let sustained: number | null = null;
  for (const { rate, judgement } of judgedRates(steps)) {
    if (judgement !== 'held') break;
    sustained = rate;
  }
  return sustained;
}

/** The lowest rate that did not hold; null when all held. */
export function ceilingOf(steps: readonly JudgedStep[]): JudgedRate | null {
  return judgedRates(steps).find(({ judgement }) => judgement !== 'held') ?? null;
}
