/** The hub's hot counters: plain integers, copied into metrics when somebody scrapes. */

import type { WsErrorCode } from '../protocol/error-codes.ts';
import { WS_ERRORS } from '../protocol/error-codes.ts';
import {
  CLIENT_MESSAGE_TYPES,
  type ClientMessageType,
  type NotRecoveredReason,
} from '../protocol/messages.ts';
import { TICK_CLIENT_MESSAGE_TYPES, type TickClientMessageType } from '../protocol/tick-messages.ts';
import { BucketHistogram } from './bucket-histogram.ts';

export type ReceivedType = ClientMessageType | TickClientMessageType | 'invalid';
export type ResumeResult = 'recovered' | NotRecoveredReason;
/** `slow_consumer`: the connection was being closed for being slow. */
export type DropReason = 'slow_consumer';
export type SlowLimit = 'bytes' | 'age';

export interface HubHistogramBounds {
  readonly broadcastSeconds: readonly number[];
  readonly broadcastRecipients: readonly number[];
}

export class HubCounters {
  opened = 0;
  readonly closedByCode = new Map<number, number>();
  readonly receivedByType = zeroes<ReceivedType>([
    ...CLIENT_MESSAGE_TYPES,
    ...TICK_CLIENT_MESSAGE_TYPES,
    'invalid',
  ]);
  readonly rejectedByCode = zeroes(Object.keys(WS_ERRORS) as WsErrorCode[]);
  rateLimited = 0;
  receivedPayloadBytes = 0;
  readonly resumesByResult = zeroes<ResumeResult>(['recovered', 'epoch_changed', 'gap_too_old', 'limit']);
  resumedMessages = 0;
  broadcasts = 0;
  deliveries = 0;
  /** Writes to sockets that carried deliveries; what the engine did with them is its own. */
  socketWrites = 0;
  /** Frames in those writes. */
  framesWritten = 0;
  readonly droppedByReason = zeroes<DropReason>(['slow_consumer']);
  replies = 0;
  sentPayloadBytes = 0;
  readonly slowClosedByLimit = zeroes<SlowLimit>(['bytes', 'age']);
  readonly broadcastSeconds: BucketHistogram;
  readonly broadcastRecipients: BucketHistogram;

  constructor(bounds: HubHistogramBounds) {
    this.broadcastSeconds = new BucketHistogram(bounds.broadcastSeconds);
    this.broadcastRecipients = new BucketHistogram(bounds.broadcastRecipients);
  }

  countClose(code: number): void {
    this.closedByCode.set(code, (this.closedByCode.get(code) ?? 0) + 1);
  }
}

function zeroes<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
