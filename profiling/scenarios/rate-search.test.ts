import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JudgedStep, type StepJudgement, sustainedRate } from '../record/sustained-rate.ts';
import { nextStep, type RateSearch } from './rate-search.ts';

const SEARCH: RateSearch = { rates: [10, 100, 400, 1_600], requiredRate: 100, mostBisections: 3 };

/** Searches a server to the end; `judge` is asked for each step. */
function searched(
  search: RateSearch,
  judge: (step: JudgedStep, index: number) => StepJudgement,
): JudgedStep[] {
  const done: JudgedStep[] = [];
  for (let next = nextStep(search, done); next !== null; next = nextStep(search, done)) {
    const step: JudgedStep = { ...next, judgement: 'held' };
    done.push({ ...step, judgement: judge(step, done.length) });
    if (done.length > 60) throw new Error('the search does not end');
  }
  return done;
}

/** A server that holds up to `capacity`. */
const upTo =
  (capacity: number, beyond: StepJudgement = 'slow') =>
  ({ rate }: JudgedStep) =>
    rate <= capacity ? 'held' : beyond;
const told = (steps: readonly JudgedStep[]) => steps.map(({ kind, rate }) => `${kind} ${rate}`);

describe('the search', () => {
  it('goes up until one does not hold, halves the gap, and confirms', () => {
    expect(told(searched(SEARCH, upTo(500)))).toEqual([
      'sweep 10',
      'sweep 100',
      'sweep 400',
      'sweep 1600',
      'bisection 800',
      'bisection 570',
      'bisection 480',
      'confirmation 480',
    ]);
  });

  it('stops halving where the gap is a tenth', () => {
    const search = { ...SEARCH, rates: [100, 108] };
    expect(told(searched(search, upTo(104)))).toEqual(['sweep 100', 'sweep 108', 'confirmation 100']);
  });

  it('confirms the highest where all hold', () => {
    expect(told(searched({ ...SEARCH, rates: [50] }, upTo(1e6)))).toEqual(['sweep 50', 'confirmation 50']);
  });

  it('measures the required rate before it halves anything', () => {
    const steps = searched({ ...SEARCH, rates: [10, 400], mostBisections: 0 }, upTo(200));
    expect(told(steps)).toEqual(['sweep 10', 'sweep 400', 'bisection 100', 'confirmation 100']);
  });

  it('looks below its first rate where the verdict hangs on less', () => {
    const steps = searched({ ...SEARCH, rates: [400], mostBisections: 0 }, upTo(200));
    expect(told(steps)).toEqual(['sweep 400', 'bisection 100', 'confirmation 100']);
  });

  it('repeats a rate that decides the verdict once where it was slow or doubtful', () => {
    const first = (step: JudgedStep, index: number): StepJudgement =>
      index === 0 ? 'doubtful' : upTo(100)(step);
    expect(told(searched({ ...SEARCH, rates: [100] }, first))).toEqual([
      'sweep 100',
      'sweep 100',
      'confirmation 100',
    ]);
    expect(told(searched({ ...SEARCH, rates: [100] }, () => 'slow'))).toEqual(['sweep 100', 'sweep 100']);
  });

  it('does not repeat what was lost or refused', () => {
    expect(told(searched(SEARCH, () => 'broken'))).toEqual(['sweep 10']);
  });

  it('confirms the next lower rate where the first does not hold longer', () => {
    const steps = searched(SEARCH, (step) =>
      step.kind === 'confirmation' && step.rate > 400 ? 'doubtful' : upTo(500)(step),
    );
    expect(told(steps).slice(-2)).toEqual(['confirmation 480', 'confirmation 400']);
    expect(sustainedRate(steps)).toBe(400);
  });

  it('always ends, and never claims more than the server holds', () => {
    const rates = fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: 1, max: 6_000 }),
        fc.integer({ min: 0, max: 4 }),
        (list, capacity, most) => {
          const search = { rates: list.sort((a, b) => a - b), requiredRate: 100, mostBisections: most };
          const sustained = sustainedRate(searched(search, upTo(capacity)));
          expect(sustained ?? 0).toBeLessThanOrEqual(capacity);
          const lower = search.rates.filter((rate) => rate <= capacity);
          expect(sustained ?? 0).toBeGreaterThanOrEqual(Math.max(0, ...lower));
        },
      ),
    );
  });

  it('always ends where judgements are noise', () => {
    const words = fc.array(fc.constantFrom<StepJudgement>('held', 'slow', 'broken', 'doubtful'), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, (judgements) => {
        const steps = searched(SEARCH, (_, index) => judgements[index] ?? 'slow');
        expect(steps.length).toBeLessThan(20);
      }),
    );
  });
});
