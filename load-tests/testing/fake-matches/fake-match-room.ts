/** The room of a fake match server: its members, and what becomes of each broadcast on its way to them. */

import type { WebSocket } from 'ws';
import { isDue } from '../every-nth.ts';
import type { FakeCounts, FakeFaults } from './fake-match-faults.ts';

export class FakeMatchRoom {
  readonly #faults: FakeFaults;
  readonly #counts: FakeCounts;
  readonly #members = new Map<WebSocket, number>();
  #offset = 0;
  #sent = 0;
  #firstRequestMs: number | null = null;
  #heldBack: string | null = null;
  #stalled: string[] = [];

  /** @param counts go up as wrongs are done */
  constructor(faults: FakeFaults, counts: FakeCounts) {
    this.#faults = faults;
    this.#counts = counts;
  }

  /** Of the last broadcast. */
  get offset(): number {
    return this.#offset;
  }

  get size(): number {
    return this.#members.size;
  }

  join(socket: WebSocket, matchId: number): void {
    this.#members.set(socket, matchId);
  }

  leave(socket: WebSocket): void {
    this.#members.delete(socket);
  }

  /** Somebody wants to publish: times of a stall count from the first request on. */
  requested(): void {
    this.#firstRequestMs ??= performance.now();
  }

  /** Sends a message to every member, as the faults have it. */
  broadcast(matchId: number, text: string): number {
    this.#offset += 1;
    this.#counts.broadcasts += 1;
    if (isDue(this.#counts.broadcasts, this.#faults.swallowEvery)) return this.#offset;
    if (this.#counts.broadcasts === this.#faults.cut?.atBroadcast) this.#cut(this.#faults.cut.sockets);
    const message = commentary(matchId, this.#offset, text);
    const { delayMs, swapEvery } = this.#faults;
    if (isDue(this.#counts.broadcasts, swapEvery)) {
      this.#counts.swapped += this.#members.size;
      this.#heldBack = message;
    } else if (delayMs !== undefined) {
      setTimeout(() => this.#deliver(message), delayMs);
    } else {
      this.#deliverUnlessStalled(message);
      this.flushHeldBack();
    }
    return this.#offset;
  }

  #cut(sockets: number): void {
    for (const socket of [...this.#members.keys()].slice(0, sockets)) {
      this.#members.delete(socket);
      socket.terminate();
    }
  }

  /** Sends what waits for the broadcast behind it. */
  flushHeldBack(): void {
    const message = this.#heldBack;
    this.#heldBack = null;
    if (message !== null) this.#deliver(message);
  }

  #deliverUnlessStalled(message: string): void {
    const { stall } = this.#faults;
    const elapsedMs = performance.now() - (this.#firstRequestMs ?? 0);
    if (stall === undefined || elapsedMs < stall.afterMs || elapsedMs >= stall.afterMs + stall.forMs) {
      this.#deliver(message);
      return;
    }
    if (this.#stalled.length === 0) {
      setTimeout(() => this.#endStall(), stall.afterMs + stall.forMs - elapsedMs);
    }
    this.#stalled.push(message);
  }

  #endStall(): void {
    const messages = this.#stalled;
    this.#stalled = [];
    for (const message of messages) this.#deliver(message);
  }

  #deliver(message: string): void {
    const { dropEvery, duplicateEvery, wrongRoomEvery, corruptEvery, stepMs } = this.#faults;
    for (const [position, [socket, matchId]] of [...this.#members].entries()) {
      this.#sent += 1;
      if (isDue(this.#sent, dropEvery)) {
        this.#counts.dropped += 1;
        continue;
      }
      this.#counts.deliveries += 1;
      if (stepMs === undefined) socket.send(message);
      else setTimeout(() => socket.send(message), position * stepMs);
      if (isDue(this.#sent, duplicateEvery)) {
        this.#counts.duplicated += 1;
        socket.send(message);
      }
      if (isDue(this.#sent, wrongRoomEvery)) {
        this.#counts.wrongRoom += 1;
        socket.send(commentary(matchId + 1, 7, 'of another match'));
      }
      if (isDue(this.#sent, corruptEvery)) {
        this.#counts.corrupt += 1;
        socket.send(message.slice(0, message.length / 2));
      }
    }
  }
}

function commentary(matchId: number, offset: number, text: string): string {
  const data = { id: offset, minute: 1, text, createdAt: 1_700_000_000_000, publishedAtNs: '1' };
  return JSON.stringify({ type: 'commentary', matchId, offset, data });
}
