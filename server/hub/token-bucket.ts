/** A token bucket: `perSecond` tokens a second, at most as many saved up. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #refilledAtMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#refilledAtMs = nowMs;
  }

  /** Takes one token when there is one. */
  take(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#refilledAtMs;
    if (elapsedMs > 0) {
      this.#tokens = Math.min(this.#perSecond, this.#tokens + (elapsedMs * this.#perSecond) / 1000);
      this.#refilledAtMs = nowMs;
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
