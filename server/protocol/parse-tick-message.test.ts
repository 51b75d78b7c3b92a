import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTickMessage } from './parse-tick-message.ts';
import { TICK_CLIENT_MESSAGE_TYPES } from './tick-messages.ts';

describe('parseTickMessage', () => {
  it.each([
    { type: 'ack', received: 0 },
    { type: 'ack', received: 9_007_199_254_740_991 },
    { type: 'ping' },
    { type: 'identify', clientId: 'tauri-rust' },
    { type: 'stats', clientId: 'a', messagesPerSec: 1, totalMessages: 2, avgLatencyMs: 3, p99LatencyMs: 4 },
  ])('understands %j', (message) => {
    expect(parseTickMessage(JSON.stringify(message))).toEqual({ ok: true, message });
  });

  it.each([
    ['{', 'invalid_json', /expected a JSON object; received \{/],
    ['[]', 'invalid_message', /expected a JSON object with a type/],
    ['{"type":7}', 'invalid_message', /^type: expected a string; received 7/],
    ['{"type":"subscribe"}', 'unknown_type', /one of ack, ping, identify, stats; received "subscribe"/],
    ['{"type":"__proto__"}', 'unknown_type', /received "__proto__"/],
    ['{"type":"ack"}', 'invalid_message', /^received: expected an integer from 0 .*received nothing/],
    ['{"type":"ack","received":-1}', 'invalid_message', /^received: .*received -1/],
    ['{"type":"ack","received":1.5}', 'invalid_message', /^received: .*received 1.5/],
    ['{"type":"ack","received":"1"}', 'invalid_message', /^received: .*received "1"/],
    ['{"type":"identify"}', 'invalid_message', /^clientId: expected 1 to 64 characters/],
    ['{"type":"stats","clientId":"a","messagesPerSec":null}', 'invalid_message', /^messagesPerSec: .*null/],
  ])('answers %s with %s', (text, code, reason) => {
    expect(parseTickMessage(text)).toMatchObject({ ok: false, code, reason: expect.stringMatching(reason) });
  });

  it('never throws and always answers in a short sentence', () => {
    const type = fc.oneof(fc.constantFrom(...TICK_CLIENT_MESSAGE_TYPES), fc.string());
    const message = fc.record(
      { type, received: fc.jsonValue(), clientId: fc.jsonValue(), p99LatencyMs: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      message.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseTickMessage(input);
        if (!parsed.ok) expect(parsed.reason.length).toBeLessThan(300);
      }),
    );
  });
});
