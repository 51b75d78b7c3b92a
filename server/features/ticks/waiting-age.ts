/**
 * How long the oldest of what was given has waited to be confirmed, without a timestamp for each: the count given is
 * marked, and while less than the mark is confirmed, the oldest has waited since then. Reads low by the time of one mark.
 */
export class WaitingAge {
  #mark = 0;
  #sinceMs = 0;

  /**
   * @param given so far
   * @param confirmed so far
   * @returns the age in ms, 0 when nothing waits
   */
  observe(given: number, confirmed: number, nowMs: number): number {
    if (confirmed >= this.#mark) {
      this.#mark = given;
      this.#sinceMs = nowMs;
    }
    return confirmed >= given ? 0 : nowMs - this.#sinceMs;
  }
}
