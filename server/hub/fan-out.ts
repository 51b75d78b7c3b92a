/**
 * How one broadcast reaches the members of a room. The hub takes a {@link FanOut} when it is made: other ways to
 * write (framed once, corked, coalesced) and the fault that drops deliveries come in here and nowhere else.
 */

import type { Connection } from './connection.ts';
import type { SlowLimit } from './hub-counters.ts';

/** A broadcast encoded once; every member gets the same bytes. */
export interface EncodedMessage {
  readonly bytes: Buffer;
}

/** A member that was too slow for the message, and the limit it passed. */
export interface SlowMember {
  readonly connection: Connection;
  readonly limit: SlowLimit;
}

export interface FanOutResult {
  /** Copies handed to connections. */
  readonly deliveries: number;
  /** Copies a fault left out. */
  readonly leftOut: number;
  readonly slow: readonly SlowMember[];
}

/** Hands one message to every member, in the room's order. */
export type FanOut = (
  members: ReadonlySet<Connection>,
  message: EncodedMessage,
  nowMs: number,
) => FanOutResult;

const NOBODY_SLOW: readonly SlowMember[] = [];

/** The plain way: one send for each member. */
export const fanOutToEach: FanOut = (members, { bytes }, nowMs) => {
  let deliveries = 0;
  let slow: SlowMember[] | null = null;
  const payloadBytes = bytes.byteLength;
  for (const connection of members) {
    const result = connection.send(bytes, payloadBytes, nowMs);
    if (result === 'sent') {
      deliveries += 1;
    } else if (result !== 'ended') {
      slow ??= [];
      slow.push({ connection, limit: result });
    }
  }
  return { deliveries, leftOut: 0, slow: slow ?? NOBODY_SLOW };
};
