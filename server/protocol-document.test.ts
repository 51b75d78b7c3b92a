/** PROTOCOL.md mirrors the code: both ways, so that neither has an entry the other lacks. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TickConfig, tickConfigSchema } from './features/ticks/tick-config.ts';
import { CLOSE } from './protocol/close-codes.ts';
import { WS_ERRORS } from './protocol/error-codes.ts';
import { CLIENT_MESSAGE_TYPES } from './protocol/messages.ts';
import { TICK_CLIENT_MESSAGE_TYPES } from './protocol/tick-messages.ts';
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

  it('lists the messages of readers', () => {
    const messages = table('| message | payload | answer | errors |').map(([message]) =>
      message?.slice(1, -1),
    );
    expect(messages).toEqual([...TICK_CLIENT_MESSAGE_TYPES]);
  });

  it('lists the configuration of the feed, its ranges and what it is at start', () => {
    const { values } = new TickConfig({ maxRate: 1_000_000, fanOut: 'coalesced', onChange: () => {} });
    const schema = tickConfigSchema(1_000_000);
    const rows = table('| field | range | at start | meaning |').map((row) => row.slice(0, 3));
    const shown = (text: string) =>
      text.replace('`MAX_TICK_RATE`', '1000000').replace('`FAN_OUT`', 'coalesced');
    expect(rows.map(([field, range, start]) => [field, shown(range ?? ''), shown(start ?? '')])).toEqual(
      Object.entries<object>(schema.properties).map(([name, property]) => [
        `\`${name}\``,
        'description' in property ? property.description : '',
        String(values[name as keyof typeof values]),
      ]),
    );
    expect(text).toContain(JSON.stringify(values));
  });
});
