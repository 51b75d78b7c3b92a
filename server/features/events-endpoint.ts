/** The `/ws` endpoint: what happens when a connection opens, says something, or ends. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionEnd, Hub } from '../hub/hub.ts';
import type { Socket } from '../hub/socket.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { ClientMessage, WelcomeMessage } from '../protocol/messages.ts';
import { parseClientMessage } from '../protocol/parse-client-message.ts';
import type { MatchAnswer, Matches } from './matches/matches.ts';
import { MessageIntake, mayGoOn, PONG } from './message-intake.ts';

export class EventsEndpoint {
  readonly #hub: Hub;
  readonly #matches: Matches;
  readonly #intake: MessageIntake;

  constructor(hub: Hub, matches: Matches) {
    this.#hub = hub;
    this.#matches = matches;
    this.#intake = new MessageIntake(hub);
  }

  /** Takes in a new connection; `welcome` is the first message on it. */
  opened(socket: Socket, { remoteAddress }: { readonly remoteAddress: string }): Connection {
    const connection = this.#hub.connect(socket, remoteAddress);
    const { clock } = this.#hub;
    const guest = `guest-${connection.id}`;
    const welcome: WelcomeMessage = {
      type: 'welcome',
      user_id: guest,
      username: guest,
      connectionId: connection.id,
      clock: { hrtimeNs: String(clock.hrtimeNs()), epochNs: `${clock.epochMs()}000000` },
    };
    this.#hub.reply(connection, JSON.stringify(welcome));
    return connection;
  }

  /**
   * Answers one message.
   *
   * @param data its payload
   * @returns false when the connection is over its rate
   */
  received(connection: Connection, data: Buffer, isBinary: boolean): boolean {
    if (connection.closing !== null) return mayGoOn(connection.closing);
    this.#intake.count(connection, data);
    if (!this.#intake.admits(connection)) return false;
    if (isBinary) {
      this.#intake.refuse(connection, 'binary_unsupported', 'expected a text message; received a binary one');
      return true;
    }
    const parsed = parseClientMessage(data.toString());
    if (!parsed.ok) {
      this.#intake.refuse(connection, parsed.code, parsed.reason);
      return true;
    }
    connection.invalidInARow = 0;
    this.#hub.counters.receivedByType[parsed.message.type] += 1;
    this.#answer(connection, parsed.message);
    return true;
  }

  receivedControl(connection: Connection): boolean {
    return this.#intake.admitsControl(connection);
  }

  /** Ends a connection that cannot go on. */
  broken(connection: Connection, reason: CloseReason): void {
    this.#hub.end(connection, reason);
  }

  /** Cuts a connection that gives no sign of life. */
  unresponsive(connection: Connection): void {
    this.#hub.cut(connection, CLOSE.heartbeatMissed);
  }

  /** Forgets a connection whose socket is gone. */
  closed(connection: Connection, end: ConnectionEnd): void {
    this.#hub.disconnected(connection, end);
  }

  #answer(connection: Connection, message: ClientMessage): void {
    switch (message.type) {
      case 'subscribe':
        this.#replyAnswer(connection, this.#matches.subscribe(connection, message.matchId, message.since));
        return;
      case 'unsubscribe':
        this.#replyAnswer(connection, this.#matches.unsubscribe(connection, message.matchId));
        return;
      case 'ping':
        this.#hub.reply(connection, PONG);
        return;
      case 'identify':
        connection.clientId = message.clientId;
        return;
      case 'stats': {
        const { type: _, ...stats } = message;
        connection.clientId = stats.clientId;
        connection.stats = stats;
        return;
      }
    }
  }

  #replyAnswer(connection: Connection, answer: MatchAnswer): void {
    if (answer.ok) this.#hub.reply(connection, answer.text);
    else this.#intake.replyError(connection, { type: 'error', code: answer.code, message: answer.reason });
  }
}
