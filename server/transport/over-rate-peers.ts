/** Peers that are over their rate: a flood costs the others little when it is read a piece at a time. */

/** What is over the rate is looked at again after this. */
const WINDOW_MS = 100;

export interface PausablePeer {
  pauseReading(): void;
  resumeReading(): void;
}

export class OverRatePeers<Peer extends PausablePeer> {
  /** Messages over the rate in this window. */
  readonly #dropped = new Map<Peer, number>();
  #timer: NodeJS.Timeout | null = null;

  get size(): number {
    return this.#dropped.size;
  }

  /**
   * A message of this peer was over its rate: it is not read for the rest of the window.
   *
   * @returns how many there were in this window, for engines that have to read on
   */
  add(peer: Peer): number {
    const before = this.#dropped.get(peer) ?? 0;
    this.#dropped.set(peer, before + 1);
    if (before === 0) peer.pauseReading();
    this.#timer ??= setTimeout(() => this.#endWindow(), WINDOW_MS);
    return before + 1;
  }

  forget(peer: Peer): void {
    this.#dropped.delete(peer);
  }

  #endWindow(): void {
    this.#timer = null;
    for (const peer of this.#dropped.keys()) peer.resumeReading();
    this.#dropped.clear();
  }
}
