/** Readers of what a client says about itself, alike on every endpoint: `identify` and `stats`. */

import { readAmount, readText, type UnknownRecord } from './field-readers.ts';
import type { ClientMessage } from './messages.ts';

const CLIENT_ID = {
  pattern: /^[\w.-]{1,64}$/,
  expected: '1 to 64 characters of A–Z, a–z, 0–9, "_", "." or "-"',
};

/** @throws FieldProblem */
export function readIdentify(record: UnknownRecord): Extract<ClientMessage, { type: 'identify' }> {
  return { type: 'identify', clientId: readText(record, 'clientId', CLIENT_ID) };
}

/** @throws FieldProblem */
export function readStats(record: UnknownRecord): Extract<ClientMessage, { type: 'stats' }> {
  return {
    type: 'stats',
    clientId: readText(record, 'clientId', CLIENT_ID),
    messagesPerSec: readAmount(record, 'messagesPerSec'),
    totalMessages: readAmount(record, 'totalMessages'),
    avgLatencyMs: readAmount(record, 'avgLatencyMs'),
    p99LatencyMs: readAmount(record, 'p99LatencyMs'),
  };
}
