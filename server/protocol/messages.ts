/** The events of `/ws` as types. Field names are the wire's; `…Ns` fields are decimal strings of nanoseconds. */

import type { WsErrorCode } from './error-codes.ts';

/** Largest matchId. Every match from 1 to here exists once it is used. */
export const MAX_MATCH_ID = 2_147_483_647;
/** Bounds of a commentary item. */
export const COMMENTARY_LIMITS = { minuteMin: 0, minuteMax: 150, textMin: 1, textMax: 2_000 } as const;
/** How many messages of a room are kept for resume and history. */
export const ROOM_HISTORY_LENGTH = 100;

/** Where a subscriber stood in a room: its last offset under an epoch. */
export interface RoomPosition {
  readonly epoch: string;
  readonly offset: number;
}

/** The server's two clocks read at one moment, so that clients can place `…Ns` fields. */
export interface ServerClock {
  /** `process.hrtime.bigint()` in decimal. */
  readonly hrtimeNs: string;
  /** Unix time in nanoseconds, decimal. */
  readonly epochNs: string;
}

/** One commentary item as it is stored. */
export interface Commentary {
  readonly id: number;
  readonly minute: number;
  readonly text: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The server's hrtime when it published the item. */
  readonly publishedAtNs: string;
}

/** What a client reports about itself in `stats`. */
export interface ClientStats {
  readonly clientId: string;
  readonly messagesPerSec: number;
  readonly totalMessages: number;
  readonly avgLatencyMs: number;
  readonly p99LatencyMs: number;
}

/** Client → server. */
export type ClientMessage =
  | { readonly type: 'subscribe'; readonly matchId: number; readonly since?: RoomPosition }
  | { readonly type: 'unsubscribe'; readonly matchId: number }
  | { readonly type: 'ping' }
  | { readonly type: 'identify'; readonly clientId: string }
  | ({ readonly type: 'stats' } & ClientStats);

export const CLIENT_MESSAGE_TYPES = ['subscribe', 'unsubscribe', 'ping', 'identify', 'stats'] as const;
export type ClientMessageType = (typeof CLIENT_MESSAGE_TYPES)[number];

export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly user_id: string;
  readonly username: string;
  readonly connectionId: string;
  readonly clock: ServerClock;
}

export interface CommentaryMessage {
  readonly type: 'commentary';
  readonly matchId: number;
  readonly offset: number;
  readonly data: Commentary;
}

export type NotRecoveredReason = 'epoch_changed' | 'gap_too_old' | 'limit';

/** `recovered`, `missed` and `reason` are there when the client asked to resume (`since`). */
export interface SubscribedMessage {
  readonly type: 'subscribed';
  readonly matchId: number;
  readonly epoch: string;
  readonly offset: number;
  readonly recovered?: boolean;
  readonly missed?: readonly CommentaryMessage[];
  readonly reason?: NotRecoveredReason;
}

export interface UnsubscribedMessage {
  readonly type: 'unsubscribed';
  readonly matchId: number;
  /** The last offset that was sent to this connection's room. */
  readonly offset: number;
}

export interface ErrorMessage {
  readonly type: 'error';
  readonly code: WsErrorCode;
  readonly message: string;
  /** With `rate_limit` only: messages dropped since the last such error. */
  readonly dropped?: number;
}

/** Server → client. */
export type ServerMessage =
  | WelcomeMessage
  | SubscribedMessage
  | UnsubscribedMessage
  | CommentaryMessage
  | ErrorMessage
  | { readonly type: 'pong' };

/** What `POST /matches/:matchId/commentary` answers with 201. */
export interface StoredCommentary extends Commentary {
  readonly matchId: number;
  readonly epoch: string;
  readonly offset: number;
}
