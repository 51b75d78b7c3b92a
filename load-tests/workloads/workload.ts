/** What clients do: the words of one endpoint, behind which the generator needs to know none of them. */

import type { LedgerEntry } from '../generator/ledger/ledger-entry.ts';
import type { LoadPlan } from '../generator/load-plan.ts';

/** What a workload needs to know of a plan, whatever else the plan is about. */
export type WorkloadPlan = Pick<LoadPlan, 'workload' | 'runId' | 'matchId' | 'textLength'>;

/** What a message from the server is to the generator. */
export type ServerEvent =
  /** The first message: the connection is ready. */
  | 'welcome'
  /** The room is joined; `offset`, under `epoch`, is the last one before membership; `resume` answers `resumeText`. */
  | 'joined'
  /** The room is left; `offset` is the last one that belonged to membership. */
  | 'left'
  /** A message of the room with an entry of this run, in `entry`. */
  | 'delivery'
  /** A message of the room without an entry of this run. */
  | 'foreign'
  /** A message of another room. */
  | 'wrong-room'
  /** The server refused something; `error` says why. */
  | 'error'
  | 'corrupt'
  /** The answer to `pingText`. */
  | 'pong'
  /** Nothing the ledger is about. */
  | 'other';

/** Where a client stands in the room. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** What came of a join that asked for what was missed. */
export type Resume =
  /** How many messages are given back; {@link Workload.readMissed} reads each. */
  | { readonly recovered: true; readonly missed: number }
  | { readonly recovered: false; readonly reason: string };

/** The fields of the message that was read last. One object is filled again and again. */
export interface ServerReading {
  readonly entry: LedgerEntry;
  offset: number;
  error: string;
  epoch: string;
  /** Null when the join did not ask, or the server does not say. */
  resume: Resume | null;
}

/** A request that makes the server broadcast one message. */
export interface PublishRequest {
  readonly path: string;
  readonly body: string;
}

export interface Workload {
  /** Sent to become a member, and to stop being one. */
  readonly joinText: string;
  readonly leaveText: string;
  /** Sent to be answered, and for nothing else. */
  readonly pingText: string;
  /** Sent to become a member again, and to be given what was missed since. */
  resumeText(position: Position): string;
  /** What the last call of {@link read} found. */
  readonly reading: ServerReading;
  /** Reads the message `bytes[start, end)`. */
  read(bytes: Buffer, start: number, end: number): ServerEvent;
  /**
   * Reads the message number `index` (from 0, oldest first) that the last `joined` gave back, as {@link read} would
   * have: it must be called before the next message is read.
   */
  readMissed(index: number): ServerEvent;
  publishRequest(entry: Readonly<LedgerEntry>): PublishRequest;
  /** The room offset in a 201's body; null when there is none. */
  acceptedOffset(body: string): number | null;
}
