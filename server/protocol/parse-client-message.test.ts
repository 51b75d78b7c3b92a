import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_MESSAGE_TYPES, MAX_MATCH_ID } from './messages.ts';
import { parseClientMessage } from './parse-client-message.ts';

const understood = [
  { type: 'subscribe', matchId: 1 },
  { type: 'subscribe', matchId: MAX_MATCH_ID, since: { epoch: 'e1', offset: 0 } },
  { type: 'unsubscribe', matchId: 7 },
  { type: 'ping' },
  { type: 'identify', clientId: 'browser-js' },
  { type: 'stats', clientId: 'a.b', messagesPerSec: 0.5, totalMessages: 3, avgLatencyMs: 1, p99LatencyMs: 2 },
] as const;

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['{', 'invalid_json', /expected a JSON object; received \{/],
  ['', 'invalid_json', /an empty message/],
  ['[]', 'invalid_message', /expected a JSON object/],
  ['null', 'invalid_message', /expected a JSON object/],
  ['{}', 'invalid_message', /^type: expected a string; received nothing/],
  ['{"type":5}', 'invalid_message', /^type: expected a string; received 5/],
  ['{"type":"fly"}', 'unknown_type', /subscribe, unsubscribe, ping, identify, stats; received "fly"/],
  ['{"type":"toString"}', 'unknown_type', /received "toString"/],
  ['{"type":"subscribe"}', 'invalid_message', /^matchId: expected an integer from 1 to 2147483647/],
  ['{"type":"subscribe","matchId":"1"}', 'invalid_message', /^matchId: .*received "1"/],
  ['{"type":"subscribe","matchId":1.5}', 'invalid_message', /^matchId: .*received 1.5/],
  ['{"type":"unsubscribe","matchId":0}', 'invalid_message', /^matchId: .*received 0/],
  ['{"type":"unsubscribe","matchId":2147483648}', 'invalid_message', /^matchId: .*received 2147483648/],
  ['{"type":"subscribe","matchId":1,"since":null}', 'invalid_message', /^since: .*received null/],
  ['{"type":"subscribe","matchId":1,"since":{"epoch":"e"}}', 'invalid_message', /^since\.offset: .*nothing/],
  ['{"type":"subscribe","matchId":1,"since":{"offset":1}}', 'invalid_message', /^since\.epoch: .*nothing/],
  ['{"type":"identify","clientId":"a b"}', 'invalid_message', /^clientId: expected 1 to 64 characters/],
  [
    '{"type":"stats","clientId":"a","messagesPerSec":-1}',
    'invalid_message',
    /^messagesPerSec: .*received -1/,
  ],
];

describe('parseClientMessage', () => {
  it.each(understood)('understands %j', (message) => {
    expect(parseClientMessage(JSON.stringify(message))).toEqual({ ok: true, message });
  });

  it.each(refused)('answers %s with %s', (text, code, reason) => {
    const parsed = parseClientMessage(text);
    expect(parsed).toMatchObject({ ok: false, code, reason: expect.stringMatching(reason) });
  });

  it('keeps only the fields of the event', () => {
    expect(parseClientMessage('{"type":"ping","x":1}')).toEqual({ ok: true, message: { type: 'ping' } });
  });

  it('never throws and always answers in a short sentence', () => {
    const candidate = fc.record(
      {
        type: fc.oneof(fc.constantFrom(...CLIENT_MESSAGE_TYPES), fc.string()),
        matchId: fc.anything(),
        since: fc.anything(),
        clientId: fc.anything(),
        messagesPerSec: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(fc.string(), fc.json(), candidate.map(stringify));
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseClientMessage(input);
        if (!parsed.ok) expect(parsed.reason.length).toBeLessThan(300);
      }),
    );
  });
});

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
