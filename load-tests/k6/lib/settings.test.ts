import { describe, expect, it } from 'vitest';
import { K6_SCRIPT_NAMES, K6_SCRIPTS } from './script-catalogue.ts';
import { readSettings } from './settings.ts';

const DEFAULTS = K6_SCRIPTS.ticks;

describe('settings of a k6 script', () => {
  it.each(K6_SCRIPT_NAMES)('are the defaults of %s', (name) => {
    const { clients, ratePerSecond, durationSeconds, path } = K6_SCRIPTS[name];
    expect(readSettings({}, K6_SCRIPTS[name])).toMatchObject({
      ...{ clients, ratePerSecond, durationSeconds },
      wsUrl: `ws://127.0.0.1:8000${path}`,
      httpUrl: 'http://127.0.0.1:8000',
    });
  });

  it.each([
    ['ws://host:1/ws', 'ws://host:1/ticks', 'http://host:1'],
    ['https://host', 'wss://host/ticks', 'https://host'],
    ['wss://host/ticks?format=json', 'wss://host/ticks', 'https://host'],
  ])('take any URL of a server: %s', (URL, wsUrl, httpUrl) => {
    expect(readSettings({ URL }, DEFAULTS)).toMatchObject({ wsUrl, httpUrl });
  });

  it.each([
    ['30', 30],
    ['1500ms', 1.5],
    ['2m', 120],
    ['1h', 3_600],
  ])('read a duration of %s', (DURATION, durationSeconds) => {
    expect(readSettings({ DURATION }, DEFAULTS)).toMatchObject({ durationSeconds });
  });

  it('refuse more comers than k6 has memory for', () => {
    expect(() => readSettings({ RATE: '1001' }, K6_SCRIPTS.churn)).toThrow('a whole number from 1 to 1000');
  });

  it.each([
    [{ CLIENTS: '0' }, 'CLIENTS: expected a whole number from 1 to 20000; received "0"'],
    [{ RATE: '1.5' }, 'RATE: expected a whole number from 1 to 1000000; received "1.5"'],
    [{ DURATION: '10ms' }, 'DURATION: expected a time from 1s to 24h, such as 30s or 2m; received "10ms"'],
    [{ DURATION: 'long' }, 'received "long"'],
    [{ URL: 'ftp://host' }, 'URL: expected ws://, wss://, http:// or https:// and a host'],
    [{ RUN_ID: 'Run 1' }, 'RUN_ID: expected 1 to 16 characters a-z and 0-9; received "Run 1"'],
    [{ MATCH_ID: '2147483648' }, 'MATCH_ID'],
  ])('refuse %j', (environment, message) => {
    expect(() => readSettings(environment, DEFAULTS)).toThrow(message);
  });
});
