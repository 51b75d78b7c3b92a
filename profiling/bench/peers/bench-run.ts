/** Runs the cells: rounds in which each server has its turn. */

import { OtherLoad } from '../../../load-tests/calibration/other-load.ts';
import type { PreparedPeer } from '../../../load-tests/peers/run/prepared-peers.ts';
import { formatCount } from '../../verdict/quantities.ts';
import { type BenchCell, cellText, takesPart } from './bench-cells.ts';
import { type CellSummary, summariseCell } from './cell-summary.ts';
import { measureWindow, type PeerWindow, type WindowLength } from './peer-window.ts';

export interface BenchRunOptions extends WindowLength {
  readonly rounds: number;
  /** Ends the run after the turn that is under way. */
  readonly interrupted: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export class BenchRun {
  readonly #peers: readonly PreparedPeer[];
  readonly #options: BenchRunOptions;
  readonly #otherLoad = new OtherLoad();
  readonly #startedAt = performance.now();
  #turnsDone = 0;
  readonly #turns: number;

  /** @param cells all that will be measured, to say how long it takes */
  constructor(peers: readonly PreparedPeer[], cells: readonly BenchCell[], options: BenchRunOptions) {
    this.#peers = peers;
    this.#options = options;
    const perRound = cells.map((cell) => peers.filter(({ name }) => takesPart(name, cell)).length);
    this.#turns = options.rounds * perRound.reduce((sum, count) => sum + count, 0);
  }

  get otherLoadRatio(): number | null {
    return this.#otherLoad.worstRatio ?? null;
  }

  async measureCell(cell: BenchCell): Promise<CellSummary> {
    const peers = this.#peers.filter(({ name }) => takesPart(name, cell));
    const windows: PeerWindow[] = [];
    for (let round = 1; round <= this.#options.rounds; round += 1) {
      for (const peer of rotated(peers, round - 1)) {
        if (this.#options.interrupted.aborted) break;
        windows.push(await this.#turn(peer, cell, round));
      }
    }
    return summariseCell(
      cell,
      windows,
      peers.map(({ name }) => name),
    );
  }

  async #turn(peer: PreparedPeer, cell: BenchCell, round: number): Promise<PeerWindow> {
    const { rounds, warmUpMs, measureMs, onProgress } = this.#options;
    const unwatch = this.#otherLoad.watch();
    const window = await measureWindow(peer, cell, { round, warmUpMs, measureMs });
    unwatch();
    this.#turnsDone += 1;
    const result =
      'figures' in window
        ? `${formatCount(window.figures.deliveriesPerSecond)} deliveries/s`
        : `failed: ${window.failure}`;
    onProgress(
      `${cellText(cell)} · round ${round} of ${rounds} · ${peer.name}: ${result} · ${this.#remaining()}`,
    );
    return window;
  }

  #remaining(): string {
    const left = this.#turns - this.#turnsDone;
    const seconds = ((performance.now() - this.#startedAt) / 1_000 / this.#turnsDone) * left;
    const text = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
    return `${this.#turnsDone} of ${this.#turns}, about ${text} left`;
  }
}

/** Each round begins with another server, so that none always follows the same one. */
function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
