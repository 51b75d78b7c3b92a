/** What every endpoint does with a message, whatever it says: its rate, and what is not of the protocol. */

import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { WsErrorCode } from '../protocol/error-codes.ts';
import type { ErrorMessage } from '../protocol/messages.ts';

/** This many messages in a row that are not of the protocol end the connection. */
const MAX_INVALID_IN_A_ROW = 50;

export const PONG = '{"type":"pong"}';

export class MessageIntake {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Counts a message that came. */
  count(connection: Connection, data: Buffer): void {
    connection.receivedMessages += 1;
    this.#hub.counters.receivedPayloadBytes += data.byteLength;
  }

  /** Control frames cost as much as messages do, so they share their rate. */
  admitsControl(connection: Connection): boolean {
    return connection.closing === null ? this.admits(connection) : mayGoOn(connection.closing);
  }

  /** @returns false when the connection is over its rate; it is told so, or closed */
  admits(connection: Connection): boolean {
    const admission = connection.rateGate.admit(this.#hub.clock.nowMs());
    if (admission === 'pass') return true;
    this.#hub.counters.rateLimited += 1;
    if (admission === 'close') this.#hub.end(connection, CLOSE.rateLimited);
    if (admission === 'drop_and_tell') {
      const dropped = connection.rateGate.takeDropped();
      this.replyError(connection, {
        type: 'error',
        code: 'rate_limit',
        message: 'Too many messages',
        dropped,
      });
    }
    return false;
  }

  /** Answers a message that is not of the protocol. */
  refuse(connection: Connection, code: WsErrorCode, message: string): void {
    this.#hub.counters.receivedByType.invalid += 1;
    connection.invalidInARow += 1;
    this.replyError(connection, { type: 'error', code, message });
    if (connection.invalidInARow >= MAX_INVALID_IN_A_ROW) this.#hub.end(connection, CLOSE.protocolViolation);
  }

  replyError(connection: Connection, error: ErrorMessage): void {
    this.#hub.counters.rejectedByCode[error.code] += 1;
    this.#hub.reply(connection, JSON.stringify(error));
  }
}

/** Whoever is closed for its rate is read slowly to the end; everybody else's close frame must not wait. */
export function mayGoOn(closing: CloseReason): boolean {
  return closing !== CLOSE.rateLimited;
}
