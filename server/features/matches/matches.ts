/** Matches: each is a room that carries commentary. */

import type { Connection } from '../../hub/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { HistoryPage } from '../../hub/room.ts';
import type { WsErrorCode } from '../../protocol/error-codes.ts';
import type {
  Commentary,
  RoomPosition,
  StoredCommentary,
  SubscribedMessage,
  UnsubscribedMessage,
} from '../../protocol/messages.ts';
import { decodeCommentary, encodeCommentary } from './commentary-json.ts';

/** What a publisher gives. */
export interface CommentaryDraft {
  readonly minute: number;
  readonly text: string;
}

/** Answer of `GET /matches/:matchId/commentary`; newest first. */
export interface CommentaryPage extends RoomPosition {
  readonly matchId: number;
  readonly items: readonly StoredCommentary[];
}

/** An answer that is ready to be sent, or the error that stands for it. */
export type MatchAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: WsErrorCode; readonly reason: string };

export class Matches {
  readonly #hub: Hub;
  readonly #maxSubscriptions: number;
  #lastId = 0;

  constructor(hub: Hub, limits: { readonly maxSubscriptions: number }) {
    this.#hub = hub;
    this.#maxSubscriptions = limits.maxSubscriptions;
  }

  /** Subscribes, and answers with where the match stands and what was missed. */
  subscribe(connection: Connection, matchId: number, since?: RoomPosition): MatchAnswer {
    const subscription = this.#hub.subscribe(connection, roomKey(matchId), since);
    if (!subscription.subscribed) {
      const reason = `expected at most ${this.#maxSubscriptions} subscriptions a connection; received one more`;
      return { ok: false, code: subscription.reason, reason };
    }
    const { position, recovery } = subscription;
    const answer: SubscribedMessage = { type: 'subscribed', matchId, ...position };
    if (recovery === null) return { ok: true, text: JSON.stringify(answer) };
    if (!recovery.recovered) return { ok: true, text: JSON.stringify({ ...answer, ...recovery }) };
    // The missed messages are JSON already: spliced in, not parsed and written again.
    const opened = JSON.stringify({ ...answer, recovered: true }).slice(0, -1);
    return { ok: true, text: `${opened},"missed":[${recovery.missed.join(',')}]}` };
  }

  /** Unsubscribes; everything up to the offset it answers was sent before. */
  unsubscribe(connection: Connection, matchId: number): MatchAnswer {
    const offset = this.#hub.unsubscribe(connection, roomKey(matchId));
    if (offset === null) {
      const reason = `expected a match this connection is subscribed to; received matchId ${matchId}`;
      return { ok: false, code: 'not_subscribed', reason };
    }
    const answer: UnsubscribedMessage = { type: 'unsubscribed', matchId, offset };
    return { ok: true, text: JSON.stringify(answer) };
  }

  /** Stores one item and broadcasts it to the match's subscribers. */
  publish(matchId: number, draft: CommentaryDraft): StoredCommentary {
    const { clock } = this.#hub;
    this.#lastId += 1;
    const item: Commentary = {
      id: this.#lastId,
      minute: draft.minute,
      text: draft.text,
      createdAt: clock.epochMs(),
      publishedAtNs: String(clock.hrtimeNs()),
    };
    const position = this.#hub.broadcast(roomKey(matchId), (offset) =>
      encodeCommentary({ matchId, offset }, item),
    );
    return { matchId, ...position, ...item };
  }

  /** The commentary that is still kept. */
  page(matchId: number, page: HistoryPage): CommentaryPage {
    const { epoch, offset, messages } = this.#hub.history(roomKey(matchId), page);
    return { matchId, epoch, offset, items: messages.map((encoded) => decodeCommentary(encoded, epoch)) };
  }
}

function roomKey(matchId: number): string {
  return `match:${matchId}`;
}
