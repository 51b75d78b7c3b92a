/** What clients do: the words of one endpoint, behind which the generator needs to know none of them. */

import type { LedgerEntry } from '../generator/ledger/ledger-entry.ts';

/** What a message from the server is to the generator. */
export type ServerEvent =
  /** The first message: the connection is ready. */
  | 'welcome'
  /** The room is joined; `offset` is the last one before membership. */
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
  /** Nothing the ledger is about, such as a pong. */
  | 'other';

/** The fields of the message that was read last. One object is filled again and again. */
export interface ServerReading {
  readonly entry: LedgerEntry;
  offset: number;
  error: string;
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
  /** What the last call of {@link read} found. */
  readonly reading: ServerReading;
  /** Reads the message `bytes[start, end)`. */
  read(bytes: Buffer, start: number, end: number): ServerEvent;
  publishRequest(entry: Readonly<LedgerEntry>): PublishRequest;
  /** The room offset in a 201's body; null when there is none. */
  acceptedOffset(body: string): number | null;
}
