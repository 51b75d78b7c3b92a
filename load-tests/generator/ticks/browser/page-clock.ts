/** How the page's clock stands against the machine's monotonic one: asked for several times, the quickest answer counts. */

import { monotonicUs } from '../../monotonic-clock.ts';

const EXCHANGES = 40;

export interface PageClock {
  /** What to add to the page's clock, in µs, to have the monotonic one. */
  readonly toMonotonicUs: number;
  /** Half of the quickest exchange: the page read its clock at some moment of it. */
  readonly errorUs: number;
}

/**
 * @param askPage reads the page's clock, epoch ms
 * @param nowUs reads the monotonic clock
 */
export async function comparePageClock(
  askPage: () => Promise<number>,
  nowUs: () => number = monotonicUs,
): Promise<PageClock> {
  let best: PageClock = { toMonotonicUs: 0, errorUs: Number.POSITIVE_INFINITY };
  for (let exchange = 0; exchange < EXCHANGES; exchange += 1) {
    const askedUs = nowUs();
    const pageMs = await askPage();
    const answeredUs = nowUs();
    const errorUs = (answeredUs - askedUs) / 2;
    if (errorUs < best.errorUs) best = { toMonotonicUs: askedUs + errorUs - pageMs * 1_000, errorUs };
  }
  return best;
}
