/**
 * The search for the highest rate that holds every limit: up the list, then halving the gap, then once more and
 * longer. Pure: from what was measured to what is measured next.
 */

import type { BroadcastStep } from '../record/broadcast-record.ts';
import { ceilingOf, type JudgedStep, sustainedRate } from '../record/sustained-rate.ts';

/** A gap of a tenth is as close as short windows can tell rates apart. */
const SMALL_GAP_RATIO = 0.1;
/** The rate that was found, and once more the next lower one where it did not hold. */
const MOST_CONFIRMED_RATES = 2;
/** A rate that decides the verdict is measured again where it did not hold: once may be noise. */
const MOST_ATTEMPTS = 2;

export interface RateSearch {
  /** Ascending. */
  readonly rates: readonly number[];
  /** The verdict hangs on rates up to this one. */
  readonly requiredRate: number;
  readonly mostBisections: number;
}

/** What to measure next. */
export type NextStep = Pick<BroadcastStep, 'kind' | 'rate'>;

/** @returns null when the search is over */
export function nextStep(search: RateSearch, done: readonly JudgedStep[]): NextStep | null {
  const again = repetition(search, done);
  if (again !== null) return again;
  const searched = done.filter((step) => step.kind !== 'confirmation');
  if (searched.length < done.length) return confirmation(done);
  const ceiling = ceilingOf(searched);
  const next = search.rates.find((rate) => searched.every((step) => step.rate !== rate));
  if (ceiling === null && next !== undefined) return { kind: 'sweep', rate: next };
  const between = ceiling === null ? null : bisection(search, searched, ceiling.rate);
  return between ?? confirmation(done);
}

function repetition({ requiredRate }: RateSearch, done: readonly JudgedStep[]): NextStep | null {
  const last = done.at(-1);
  if (last === undefined || last.rate > requiredRate) return null;
  // What was lost or refused was lost or refused; what was slow or doubtful may have been somebody else's doing.
  if (last.judgement === 'held' || last.judgement === 'broken') return null;
  const { kind, rate } = last;
  const attempts = done.filter((step) => step.kind === kind && step.rate === rate).length;
  return attempts < MOST_ATTEMPTS ? { kind, rate } : null;
}

function bisection(search: RateSearch, searched: readonly JudgedStep[], ceiling: number): NextStep | null {
  const { requiredRate, mostBisections } = search;
  const floor = sustainedRate(searched);
  if ((floor ?? 0) < requiredRate && requiredRate < ceiling) return { kind: 'bisection', rate: requiredRate };
  if (floor === null) return null;
  const taken = new Set(searched.flatMap(({ kind, rate }) => (kind === 'bisection' ? [rate] : []))).size;
  if (taken >= mostBisections || ceiling - floor <= SMALL_GAP_RATIO * floor) return null;
  const rate = between(floor, ceiling);
  return rate === null ? null : { kind: 'bisection', rate };
}

/** The geometric mean, since rates are compared by their ratio; two digits, for readers. Null where none fits. */
function between(floor: number, ceiling: number): number | null {
  const rate = Number(Math.sqrt(floor * ceiling).toPrecision(2));
  return rate > floor && rate < ceiling ? rate : null;
}

function confirmation(done: readonly JudgedStep[]): NextStep | null {
  const rate = sustainedRate(done);
  const confirmed = new Set(done.flatMap((step) => (step.kind === 'confirmation' ? [step.rate] : [])));
  if (rate === null || confirmed.has(rate) || confirmed.size >= MOST_CONFIRMED_RATES) return null;
  return { kind: 'confirmation', rate };
}
