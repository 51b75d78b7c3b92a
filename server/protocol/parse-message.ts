/** Turns one text message into a typed one by a table of readers, or into the error event that answers it. Never throws. */

import type { WsErrorCode } from './error-codes.ts';
import { FieldProblem, isRecord, problem, type UnknownRecord } from './field-readers.ts';

/** A message understood, or the code and sentence that say why not. */
export type ParsedMessage<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly code: WsErrorCode; readonly reason: string };

/** One reader for each `type` of a protocol; a reader may throw FieldProblem. */
export type MessageReaders<Message> = Readonly<Record<string, (record: UnknownRecord) => Message>>;

/**
 * Reads one client message. Fields that no message has are ignored.
 *
 * @param text the payload of one text message
 * @param readers by the message's `type`
 */
export function parseMessage<Message>(
  text: string,
  readers: MessageReaders<Message>,
): ParsedMessage<Message> {
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
  if (typeof type !== 'string') return refuse('invalid_message', problem('type', 'a string', type).message);
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (reader === undefined) {
    const expected = Object.keys(readers).join(', ');
    return refuse(
      'unknown_type',
      `type: expected one of ${expected}; received ${preview(JSON.stringify(type))}`,
    );
  }
  try {
    return { ok: true, message: reader(value) };
  } catch (error) {
    if (error instanceof FieldProblem) return refuse('invalid_message', error.message);
    throw error;
  }
}

function refuse(code: WsErrorCode, reason: string): ParsedMessage<never> {
  return { ok: false, code, reason };
}

function preview(text: string): string {
  if (text === '') return 'an empty message';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
