/** One stream of broadcasts on its schedule, with its fault, and the truth about it. */

import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { serverTextFrame } from '../../../../load-tests/calibration/sink-frames.ts';
import { LatencyHistogram } from '../../../../load-tests/generator/latency/latency-histogram.ts';
import { formatLedgerText } from '../../../../load-tests/generator/ledger/ledger-entry.ts';
import { monotonicUs } from '../../../../load-tests/generator/monotonic-clock.ts';
import { epochMs } from '../../../../load-tests/peers/feed/epoch-clock.ts';
import { latencyQuantiles } from '../latency-quantiles.ts';
import { COMMENTARY_HEAD } from '../receiving/sequence-check.ts';
import type { MemberSockets } from './member-sockets.ts';
import type { StreamCommand, StreamTruth } from './server-messages.ts';

/** Characters of a message's text, its ledger entry included: a short commentary. */
const TEXT_LENGTH = 96;

/** One broadcast, framed. */
interface Broadcast {
  readonly frame: Buffer;
  readonly intendedUs: number;
  readonly sentUs: number;
}

export class BroadcastStream {
  readonly #command: StreamCommand;
  readonly #members: MemberSockets;
  readonly #fromIntended = new LatencyHistogram();
  readonly #fromSent = new LatencyHistogram();
  readonly #startUs = monotonicUs();
  /** What the monotonic clock lacks to epoch time, µs. */
  readonly #epochUs = epochMs() * 1_000 - monotonicUs();
  readonly #writes: Promise<void>[] = [];
  #made = 0;
  #copies = 0;
  #deliveries = 0;
  #dropped = 0;

  constructor(command: StreamCommand, members: MemberSockets) {
    this.#command = command;
    this.#members = members;
  }

  /** Resolves when everything was written. */
  async run(): Promise<StreamTruth> {
    const { broadcasts, turnMs } = this.#command;
    while (this.#made < broadcasts) {
      // By the clock: a turn that took long makes the next ones no later.
      const turn = Math.floor((monotonicUs() - this.#startUs) / (turnMs * 1_000)) + 1;
      await this.#until(this.#startUs + turn * turnMs * 1_000);
      this.#turn();
    }
    await Promise.all(this.#writes);
    return {
      broadcasts: this.#made,
      deliveries: this.#deliveries,
      dropped: this.#dropped,
      fromIntended: latencyQuantiles(this.#fromIntended),
      fromSent: latencyQuantiles(this.#fromSent),
    };
  }

  async #until(dueUs: number): Promise<void> {
    const resumeUs = this.#stallEndUs(dueUs);
    const waitMs = (resumeUs - monotonicUs()) / 1_000;
    // Behind the schedule, other callbacks have their turn all the same.
    await pause(Math.max(waitMs, 0));
  }

  /** A turn that is due within the stall waits for its end. */
  #stallEndUs(dueUs: number): number {
    const { fault, broadcasts, broadcastsPerSecond } = this.#command;
    if (fault.kind !== 'stall') return dueUs;
    const fromUs = this.#startUs + ((broadcasts / broadcastsPerSecond) * 1e6 - fault.ms * 1_000) / 2;
    const toUs = fromUs + fault.ms * 1_000;
    return dueUs >= fromUs && dueUs < toUs ? toUs : dueUs;
  }

  /** Sends all that is due. */
  #turn(): void {
    const { broadcasts, broadcastsPerSecond, fault } = this.#command;
    const elapsedUs = monotonicUs() - this.#startUs;
    const due = Math.min(Math.floor((elapsedUs / 1e6) * broadcastsPerSecond) + 1, broadcasts);
    const batch: Broadcast[] = [];
    for (; this.#made < due; this.#made += 1) batch.push(this.#broadcast());
    if (batch.length === 0) return;
    if (fault.kind === 'delay') this.#writes.push(pause(fault.ms).then(() => this.#write(batch)));
    else this.#write(batch);
  }

  #broadcast(): Broadcast {
    const { runId, broadcastsPerSecond } = this.#command;
    const intendedUs = this.#startUs + (this.#made / broadcastsPerSecond) * 1e6;
    const sentUs = monotonicUs();
    const seq = this.#members.offset;
    this.#members.offset += 1;
    const text = formatLedgerText(runId, { publisher: 0, seq, intendedUs, sentUs }, TEXT_LENGTH);
    const data = {
      id: seq + 1,
      minute: 1,
      text,
      // Epoch ms, for those who cannot read the monotonic clock.
      intendedAt: (intendedUs + this.#epochUs) / 1_000,
      sentAt: (sentUs + this.#epochUs) / 1_000,
    };
    const message = `${COMMENTARY_HEAD}${seq + 1},"data":${JSON.stringify(data)}}`;
    return { frame: serverTextFrame(message), intendedUs, sentUs };
  }

  #write(batch: readonly Broadcast[]): void {
    const { fault } = this.#command;
    const everything = Buffer.concat(batch.map(({ frame }) => frame));
    const sockets = this.#members.list();
    const writtenUs = monotonicUs();
    for (const socket of sockets) {
      if (fault.kind === 'drop') this.#writeSome(socket, batch, { everyNth: fault.everyNth, writtenUs });
      else socket.write(everything);
    }
    if (fault.kind === 'drop') return;
    for (const broadcast of batch) this.#count(broadcast, writtenUs, sockets.length);
  }

  #writeSome(
    socket: Socket,
    batch: readonly Broadcast[],
    { everyNth, writtenUs }: { readonly everyNth: number; readonly writtenUs: number },
  ): void {
    for (const broadcast of batch) {
      this.#copies += 1;
      if (this.#copies % everyNth === 0) {
        this.#dropped += 1;
      } else {
        socket.write(broadcast.frame);
        this.#count(broadcast, writtenUs, 1);
      }
    }
  }

  #count({ intendedUs, sentUs }: Broadcast, writtenUs: number, copies: number): void {
    this.#deliveries += copies;
    this.#fromIntended.recordMany(Math.max(Math.round(writtenUs - intendedUs), 0), copies);
    this.#fromSent.recordMany(Math.max(Math.round(writtenUs - sentUs), 0), copies);
  }
}
