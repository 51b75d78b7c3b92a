/** The `/ticks` endpoint: what happens when a reader comes, says something, or goes. */

import type { Connection, ConnectionLimits } from '../../hub/connection.ts';
import type { ConnectionEnd, Hub } from '../../hub/hub.ts';
import type { Socket } from '../../hub/socket.ts';
import { CLOSE, type CloseReason } from '../../protocol/close-codes.ts';
import { describe } from '../../protocol/field-readers.ts';
import { parseTickMessage } from '../../protocol/parse-tick-message.ts';
import {
  TICK_FORMATS,
  type TickClientMessage,
  type TickFormat,
  type TickHelloMessage,
} from '../../protocol/tick-messages.ts';
import { MessageIntake, mayGoOn, PONG } from '../message-intake.ts';
import { TICK_SYMBOLS } from './tick-symbols.ts';
import type { Ticks } from './ticks.ts';

/** Messages of these types do not count against the rate. */
const UNLIMITED: ReadonlySet<TickClientMessage['type']> = new Set(['ack', 'stats', 'ping']);
/** No message of `/ticks` is longer; what is counts against the rate before anybody reads it. */
const LONGEST_MESSAGE_BYTES = 1_024;
/** The close code of a connection that ended without a close frame of the client. */
const LOST = CLOSE.lost.code;

export interface TicksEndpointOptions {
  readonly hub: Hub;
  readonly ticks: Ticks;
  readonly limits: ConnectionLimits;
}

/**
 * What is wrong with the query of an upgrade request, or null.
 *
 * @param query `format` may stand in it once
 */
export function ticksQueryProblem(query: URLSearchParams): string | null {
  const formats = query.getAll('format');
  if (formats.length > 1) return `format: expected one of ${TICK_FORMATS.join(', ')}; received several`;
  const [format] = formats;
  if (format === undefined || isTickFormat(format)) return null;
  return `format: expected one of ${TICK_FORMATS.join(', ')}; received ${describe(format)}`;
}

export class TicksEndpoint {
  readonly #options: TicksEndpointOptions;
  readonly #intake: MessageIntake;

  constructor(options: TicksEndpointOptions) {
    this.#options = options;
    this.#intake = new MessageIntake(options.hub);
  }

  /** Takes in a new reader; `hello` is the first message on it, and the ticks after `seq` follow. */
  opened(
    socket: Socket,
    request: { readonly remoteAddress: string; readonly query: URLSearchParams },
  ): Connection {
    const { hub, ticks, limits } = this.#options;
    const connection = hub.connect(socket, request.remoteAddress, limits);
    const asked = request.query.get('format');
    const format = asked !== null && isTickFormat(asked) ? asked : ticks.config.values.format;
    const hello: TickHelloMessage = {
      type: 'hello',
      symbols: TICK_SYMBOLS,
      clock: ticks.clock.reading(),
      format,
      connectionId: connection.id,
      epoch: hub.epoch,
      seq: ticks.feed.seq,
    };
    hub.reply(connection, JSON.stringify(hello));
    ticks.join(connection, format);
    return connection;
  }

  /** @returns false when the connection is over its rate */
  received(connection: Connection, data: Buffer, isBinary: boolean): boolean {
    if (connection.closing !== null) return mayGoOn(connection.closing);
    this.#intake.count(connection, data);
    if (isBinary || data.byteLength > LONGEST_MESSAGE_BYTES) return this.#refuseUnread(connection, isBinary);
    const parsed = parseTickMessage(data.toString());
    const isUnlimited = parsed.ok && UNLIMITED.has(parsed.message.type);
    if (!isUnlimited && !this.#intake.admits(connection)) return false;
    if (parsed.ok) this.#take(connection, parsed.message);
    else this.#intake.refuse(connection, parsed.code, parsed.reason);
    return true;
  }

  receivedControl(connection: Connection): boolean {
    return this.#intake.admitsControl(connection);
  }

  /** Ends a connection that cannot go on. */
  broken(connection: Connection, reason: CloseReason): void {
    this.#options.hub.end(connection, reason);
  }

  /** Cuts a connection that gives no sign of life. */
  unresponsive(connection: Connection): void {
    this.#options.hub.cut(connection, CLOSE.heartbeatMissed);
  }

  /** Forgets a reader whose socket is gone. */
  closed(connection: Connection, end: ConnectionEnd): void {
    this.#options.ticks.leave(connection, end.code !== LOST);
    this.#options.hub.disconnected(connection, end);
  }

  #refuseUnread(connection: Connection, isBinary: boolean): boolean {
    if (!this.#intake.admits(connection)) return false;
    if (isBinary) {
      const reason = 'expected a text message; received a binary one';
      this.#intake.refuse(connection, 'binary_unsupported', reason);
    } else {
      const reason = `expected at most ${LONGEST_MESSAGE_BYTES} bytes; received more`;
      this.#intake.refuse(connection, 'invalid_message', reason);
    }
    return true;
  }

  #take(connection: Connection, message: TickClientMessage): void {
    const { hub, ticks } = this.#options;
    switch (message.type) {
      case 'ack':
        if (!this.#acknowledge(connection, message.received)) return;
        break;
      case 'ping':
        hub.reply(connection, PONG);
        break;
      case 'identify':
        connection.clientId = message.clientId;
        ticks.stats.clients.identified(message.clientId, hub.clock.epochMs());
        break;
      case 'stats': {
        const { type: _, ...stats } = message;
        connection.clientId = stats.clientId;
        connection.stats = stats;
        ticks.stats.clients.reported(stats, hub.clock.epochMs());
        break;
      }
    }
    connection.invalidInARow = 0;
    hub.counters.receivedByType[message.type] += 1;
  }

  #acknowledge(connection: Connection, received: number): boolean {
    const reader = this.#options.ticks.feed.readers.find(connection);
    const wrong = reader?.acknowledge(received, this.#options.hub.clock.nowMs()) ?? null;
    if (wrong === null) return true;
    const reason = `received: expected an integer from ${wrong.min} to ${wrong.max}; received ${received}`;
    this.#intake.refuse(connection, 'invalid_message', reason);
    return false;
  }
}

function isTickFormat(text: string): text is TickFormat {
  return TICK_FORMATS.some((format) => format === text);
}
