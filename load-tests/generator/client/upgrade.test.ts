import { describe, expect, it } from 'vitest';
import { refusalOf, upgradeRequest } from './upgrade.ts';

const good = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: accept=',
];

describe('the opening handshake', () => {
  it('asks for the whole address with a fresh key', () => {
    const first = upgradeRequest(new URL('ws://127.0.0.1:8000/ws?a=1'));
    expect(first.text).toMatch(/^GET \/ws\?a=1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:8000\r\n/);
    expect(first.text.endsWith('\r\n\r\n')).toBe(true);
    expect(upgradeRequest(new URL('ws://127.0.0.1/ws')).accept).not.toBe(first.accept);
  });

  it.each<[string, readonly string[], string | null]>([
    ['a proper answer', good, null],
    [
      'headers in other letters',
      good.map((line) => line.replace('Upgrade: websocket', 'UPGRADE: WebSocket')),
      null,
    ],
    ['a refusal', ['HTTP/1.1 503 Service Unavailable', 'Retry-After: 1'], 'http_503'],
    ['a redirect', ['HTTP/1.1 301 Moved'], 'http_301'],
    ['a wrong accept', good.with(3, 'Sec-WebSocket-Accept: other='), 'protocol'],
    ['no accept', good.slice(0, 3), 'protocol'],
    ['no upgrade', good.toSpliced(1, 1), 'protocol'],
    ['an extension nobody offered', [...good, 'Sec-WebSocket-Extensions: permessage-deflate'], 'protocol'],
    ['no HTTP at all', ['SSH-2.0-OpenSSH'], 'protocol'],
  ])('judges %s', (_what, lines, expected) => {
    expect(refusalOf(lines.join('\r\n'), 'accept=')).toBe(expected);
  });
});
