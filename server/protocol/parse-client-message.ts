/** Turns one text message of `/ws` into a typed event, or into the error event that answers it. Never throws. */

import type { WsErrorCode } from './error-codes.ts';
import {
  FieldProblem,
  isRecord,
  problem,
  readAmount,
  readInteger,
  readText,
  type UnknownRecord,
} from './field-readers.ts';
import {
  CLIENT_MESSAGE_TYPES,
  type ClientMessage,
  type ClientMessageType,
  MAX_MATCH_ID,
  type RoomPosition,
} from './messages.ts';

/** A message understood, or the code and sentence that say why not. */
export type ParsedClientMessage =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly code: WsErrorCode; readonly reason: string };

const CLIENT_ID = {
  pattern: /^[\w.-]{1,64}$/,
  expected: '1 to 64 characters of A–Z, a–z, 0–9, "_", "." or "-"',
};
const EPOCH = { pattern: /^[\x21-\x7e]{1,64}$/, expected: '1 to 64 visible ASCII characters' };

type Reader<Type extends ClientMessageType> = (
  record: UnknownRecord,
) => Extract<ClientMessage, { readonly type: Type }>;

const READERS: { readonly [Type in ClientMessageType]: Reader<Type> } = {
  subscribe: readSubscribe,
  unsubscribe: (record) => ({ type: 'unsubscribe', matchId: readMatchId(record) }),
  ping: () => ({ type: 'ping' }),
  identify: (record) => ({ type: 'identify', clientId: readText(record, 'clientId', CLIENT_ID) }),
  stats: (record) => ({
    type: 'stats',
    clientId: readText(record, 'clientId', CLIENT_ID),
    messagesPerSec: readAmount(record, 'messagesPerSec'),
    totalMessages: readAmount(record, 'totalMessages'),
    avgLatencyMs: readAmount(record, 'avgLatencyMs'),
    p99LatencyMs: readAmount(record, 'p99LatencyMs'),
  }),
};

/**
 * Reads one client message. Fields that no event has are ignored.
 *
 * @param text the payload of one text message
 */
export function parseClientMessage(text: string): ParsedClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `expected a JSON object; received ${preview(text)}`);
  }
  if (!isRecord(value)) {
    return refuse('invalid_message', `expected a JSON object with a type; received ${preview(text)}`);
  }
  const type = value['type'];
  if (typeof type !== 'string') {
    return refuse('invalid_message', problem('type', 'a string', type).message);
  }
  if (!isClientMessageType(type)) {
    return refuse(
      'unknown_type',
      `type: expected one of ${CLIENT_MESSAGE_TYPES.join(', ')}; received ${preview(JSON.stringify(type))}`,
    );
  }
  try {
    return { ok: true, message: READERS[type](value) };
  } catch (error) {
    if (error instanceof FieldProblem) return refuse('invalid_message', error.message);
    throw error;
  }
}

function readSubscribe(record: UnknownRecord): Extract<ClientMessage, { type: 'subscribe' }> {
  const matchId = readMatchId(record);
  const since = record['since'];
  return since === undefined
    ? { type: 'subscribe', matchId }
    : { type: 'subscribe', matchId, since: readPosition(since) };
}

function readPosition(since: unknown): RoomPosition {
  if (!isRecord(since)) throw problem('since', 'an object with epoch and offset', since);
  const inside = { 'since.epoch': since['epoch'], 'since.offset': since['offset'] };
  return {
    epoch: readText(inside, 'since.epoch', EPOCH),
    offset: readInteger(inside, 'since.offset', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  };
}

function readMatchId(record: UnknownRecord): number {
  return readInteger(record, 'matchId', { min: 1, max: MAX_MATCH_ID });
}

function isClientMessageType(type: string): type is ClientMessageType {
  return (CLIENT_MESSAGE_TYPES as readonly string[]).includes(type);
}

function refuse(code: WsErrorCode, reason: string): ParsedClientMessage {
  return { ok: false, code, reason };
}

function preview(text: string): string {
  if (text === '') return 'an empty message';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
