/** Turns one text message of `/ticks` into a typed one, or into the error event that answers it. Never throws. */

import { readIdentify, readStats } from './client-identity.ts';
import { readInteger, type UnknownRecord } from './field-readers.ts';
import { type ParsedMessage, parseMessage } from './parse-message.ts';
import type { TickClientMessage, TickClientMessageType } from './tick-messages.ts';

type Reader<Type extends TickClientMessageType> = (
  record: UnknownRecord,
) => Extract<TickClientMessage, { readonly type: Type }>;

const READERS: { readonly [Type in TickClientMessageType]: Reader<Type> } = {
  ack: (record) => ({
    type: 'ack',
    received: readInteger(record, 'received', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  }),
  ping: () => ({ type: 'ping' }),
  identify: readIdentify,
  stats: readStats,
};

/**
 * Reads one client message. Fields that no message has are ignored.
 *
 * @param text the payload of one text message
 */
export function parseTickMessage(text: string): ParsedMessage<TickClientMessage> {
  return parseMessage<TickClientMessage>(text, READERS);
}
