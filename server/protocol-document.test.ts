/** PROTOCOL.md mirrors the code: both ways, so that neither has an entry the other lacks. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLOSE } from './protocol/close-codes.ts';
import { WS_ERRORS } from './protocol/error-codes.ts';
import { CLIENT_MESSAGE_TYPES } from './protocol/messages.ts';
import { TOUCHLINE_ERRORS } from './protocol/touchline-error.ts';
import { HTTP_STATUS_BY_CODE, type HttpErrorCode } from './transport/http-errors.ts';
import { UpgradeGate } from './transport/upgrade-gate.ts';

const text = readFileSync(new URL('PROTOCOL.md', import.meta.url), 'utf8');

/** Cells of the table whose header line is this. */
function table(header: string): string[][] {
  const lines = text.split('\n');
  const start = lines.indexOf(header);
  expect(start, `expected a table "${header}"`).toBeGreaterThan(0);
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

describe('PROTOCOL.md', () => {
  it('lists the close codes', () => {
    expect(table('| code | reason | reconnect | when |')).toEqual(
      Object.values(CLOSE).map(({ code, reason, reconnect, when }) => [
        String(code),
        reason,
        reconnect,
        when,
      ]),
    );
  });

  it('lists the error events', () => {
    const rows = table('| code | meaning |');
    expect(rows).toEqual(Object.entries(WS_ERRORS).map(([code, meaning]) => [code, meaning]));
  });

  it('lists the HTTP errors', () => {
    const codes = Object.keys(HTTP_STATUS_BY_CODE) as HttpErrorCode[];
    expect(table('| code | status | meaning |')).toEqual(
      codes.map((code) => [code, String(HTTP_STATUS_BY_CODE[code]), TOUCHLINE_ERRORS[code]]),
    );
  });

  it('lists the reasons of refused upgrades', () => {
    const gate = new UpgradeGate({
      endpoints: new Map(),
      allowedOrigins: [],
      maxConnections: 1,
      maxConnectionsPerIp: 1,
      trustedProxies: { check: () => false } as never,
      scheme: 'http',
      isHostAllowed: () => true,
      connectionCount: () => 0,
      isDraining: () => false,
    });
    const reasons = table('| reason | status | code | when |').map(([reason]) => reason);
    expect(new Set(reasons)).toEqual(new Set(Object.keys(gate.refusedByReason)));
  });

  it('lists the events of clients', () => {
    const events = table('| event | payload | answer | errors | may close with |').map(([event]) => event);
    const named = events.filter((event) => event?.startsWith('`')).map((event) => event?.slice(1, -1));
    expect(named).toEqual([...CLIENT_MESSAGE_TYPES]);
  });
});
