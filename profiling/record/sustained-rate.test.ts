import { describe, expect, it } from 'vitest';
import {
  ceilingOf,
  type JudgedStep,
  judgedRates,
  type StepJudgement,
  sustainedRate,
} from './sustained-rate.ts';

const step = (kind: JudgedStep['kind'], rate: number, judgement: StepJudgement): JudgedStep => ({
  kind,
  rate,
  judgement,
});
const sweep = (rate: number, judgement: StepJudgement) => step('sweep', rate, judgement);

describe('the rate that steps sustain', () => {
  it.each([
    ['nothing measured', [], null, null],
    ['all held', [sweep(10, 'held'), sweep(100, 'held')], 100, null],
    ['the first broke', [sweep(10, 'broken')], null, 10],
    ['one in the middle broke', [sweep(10, 'held'), sweep(50, 'slow'), sweep(100, 'held')], 10, 50],
    ['one that held when it was repeated', [sweep(10, 'slow'), sweep(10, 'held')], 10, null],
    ['a confirmation that did not hold', [sweep(10, 'held'), step('confirmation', 10, 'slow')], null, 10],
    [
      'a confirmation that held when it was repeated',
      [sweep(10, 'held'), step('confirmation', 10, 'slow'), step('confirmation', 10, 'held')],
      10,
      null,
    ],
  ] as const)('%s', (_, steps, sustained, ceiling) => {
    expect(sustainedRate(steps)).toBe(sustained);
    expect(ceilingOf(steps)?.rate ?? null).toBe(ceiling);
  });

  it('lists each rate once, ascending, with what was found last', () => {
    expect(judgedRates([sweep(100, 'doubtful'), sweep(10, 'held'), sweep(100, 'slow')])).toEqual([
      { rate: 10, judgement: 'held' },
      { rate: 100, judgement: 'slow' },
    ]);
  });
});
