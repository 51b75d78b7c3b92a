/** Turns one text message of `/ws` into a typed event, or into the error event that answers it. Never throws. */

import { readIdentify, readStats } from './client-identity.ts';
import { isRecord, problem, readInteger, readText, type UnknownRecord } from './field-readers.ts';
import { type ClientMessage, type ClientMessageType, MAX_MATCH_ID, type RoomPosition } from './messages.ts';
import { type ParsedMessage, parseMessage } from './parse-message.ts';

/** A message understood, or the code and sentence that say why not. */
export type ParsedClientMessage = ParsedMessage<ClientMessage>;

const EPOCH = { pattern: /^[\x21-\x7e]{1,64}$/, expected: '1 to 64 visible ASCII characters' };

type Reader<Type extends ClientMessageType> = (
  record: UnknownRecord,
) => Extract<ClientMessage, { readonly type: Type }>;

const READERS: { readonly [Type in ClientMessageType]: Reader<Type> } = {
  subscribe: readSubscribe,
  unsubscribe: (record) => ({ type: 'unsubscribe', matchId: readMatchId(record) }),
  ping: () => ({ type: 'ping' }),
  identify: readIdentify,
  stats: readStats,
};

/**
 * Reads one client message. Fields that no event has are ignored.
 *
 * @param text the payload of one text message
 */
export function parseClientMessage(text: string): ParsedClientMessage {
  return parseMessage<ClientMessage>(text, READERS);
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
