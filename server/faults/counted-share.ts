/** An exact share of a stream of events that counts how often it struck. */

import { ExactShare } from './exact-share.ts';

export class CountedShare {
  /** How often {@link next} was true. */
  injections = 0;
  readonly #share: ExactShare;

  /** @param percent 0.001 to 100 */
  constructor(percent: number) {
    this.#share = new ExactShare(percent);
  }

  /** Is the next event one of the share? */
  next(): boolean {
    const strikes = this.#share.next();
    if (strikes) this.injections += 1;
    return strikes;
  }
}
