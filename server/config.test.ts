import { describe, expect, it } from 'vitest';
import { defaultSettings, formatProblem, readConfig } from './config.ts';
import { FAULT_CATALOGUE } from './faults/fault-catalogue.ts';
import { SETTINGS } from './settings.ts';

const problemsOf = (env: Record<string, string>) => {
  const result = readConfig(env, () => {
    throw new Error('ENOENT');
  });
  return result.ok ? [] : result.problems.map(formatProblem);
};

describe('readConfig', () => {
  it('gives every default when nothing is set, and when everything is set but empty', () => {
    const empty = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, '']));
    for (const env of [{}, empty]) {
      const result = readConfig(env);
      expect(result).toEqual({ ok: true, config: { settings: defaultSettings(), tls: null, faults: [] } });
    }
    expect(defaultSettings()).toMatchObject({
      PORT: 8_000,
      HOST: '127.0.0.1',
      HEARTBEAT_SECS: 30,
      LOG_LEVEL: 'info',
    });
  });

  it('has defaults within their own ranges', () => {
    for (const { defaultText, defaultValue, parse } of Object.values(SETTINGS)) {
      if (defaultText !== '') expect(parse(defaultText)).toEqual(defaultValue);
    }
  });

  it('reads numbers, lists and faults', () => {
    const result = readConfig({
      PORT: '0',
      HEARTBEAT_SECS: '2.5',
      ALLOWED_ORIGINS: 'https://A.example, http://b.example:8080',
      TRUST_PROXY: '10.0.0.0/8,::1',
      TOUCHLINE_FAULTS: 'drop-deliveries=2%,stall',
    });
    expect(result).toMatchObject({
      ok: true,
      config: {
        settings: {
          PORT: 0,
          HEARTBEAT_SECS: 2.5,
          ALLOWED_ORIGINS: ['https://a.example', 'http://b.example:8080'],
          TRUST_PROXY: ['10.0.0.0/8', '::1'],
        },
        faults: [
          { name: 'drop-deliveries', value: 2 },
          { name: 'stall', value: 1_000 },
        ],
      },
    });
  });

  it('reports all problems together, each with name, expectation and what came', () => {
    expect(
      problemsOf({
        PORT: '70000',
        HEARTBEAT_SECS: 'often',
        MAX_CONNECTIONS: '0',
        ALLOWED_ORIGINS: 'example.org',
        TRUST_PROXY: '10.0.0.0/40',
        LOG_LEVEL: 'loud',
        TLS_CERT: '/nowhere.pem',
        TOUCHLINE_FAULTS: 'explode',
      }),
    ).toEqual([
      'TL_CONFIG_INVALID PORT: expected an integer from 0 to 65535; received "70000"',
      'TL_CONFIG_INVALID ALLOWED_ORIGINS: expected origins like https://example.org, parted by commas; received "example.org"',
      'TL_CONFIG_INVALID MAX_CONNECTIONS: expected an integer from 1 to 1000000; received "0"',
      'TL_CONFIG_INVALID HEARTBEAT_SECS: expected a number from 0.1 to 3600; received "often"',
      'TL_CONFIG_INVALID TRUST_PROXY: expected addresses or networks like 10.0.0.0/8, parted by commas; received "10.0.0.0/40"',
      'TL_CONFIG_INVALID LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent; received "loud"',
      'TL_CONFIG_INVALID TLS_CERT: expected a readable PEM file; received "/nowhere.pem" (ENOENT)',
      'TL_CONFIG_INVALID TLS_KEY: expected a readable PEM file, because TLS_CERT is set; received nothing',
      `TL_FAULT_INVALID TOUCHLINE_FAULTS: expected a fault out of ${Object.keys(FAULT_CATALOGUE).join(', ')}; received "explode"`,
    ]);
  });

  it('never repeats a token', () => {
    expect(problemsOf({ API_TOKEN: 'secret' }).join()).not.toContain('secret');
  });

  it('refuses faults in production', () => {
    expect(problemsOf({ TOUCHLINE_FAULTS: 'stall', NODE_ENV: 'production' })).toEqual([
      'TL_FAULT_IN_PRODUCTION TOUCHLINE_FAULTS: expected no faults while NODE_ENV is production; received "stall"',
    ]);
    expect(problemsOf({ TOUCHLINE_FAULTS: 'stall', NODE_ENV: 'test' })).toEqual([]);
  });

  it('refuses a certificate that is none', () => {
    const result = readConfig({ TLS_CERT: 'a', TLS_KEY: 'b' }, () => 'not PEM');
    expect(result).toMatchObject({ ok: false, problems: [{ name: 'TLS_CERT' }] });
  });

  it('refuses an empty certificate, with which no handshake could succeed', () => {
    const result = readConfig({ TLS_CERT: '/cert.pem', TLS_KEY: '/key.pem' }, () => '\n');
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
      'TL_CONFIG_INVALID TLS_CERT: expected a readable PEM file; received "/cert.pem" (the file is empty)',
      'TL_CONFIG_INVALID TLS_KEY: expected a readable PEM file; received "/key.pem" (the file is empty)',
    ]);
  });

  it('reports every wrong fault, and production beside them', () => {
    const result = readConfig({
      NODE_ENV: 'production',
      TOUCHLINE_FAULTS: 'nap=1,stall=1s,drop-deliveries=200%',
    });
    expect(result.ok ? [] : result.problems.map(({ code, received }) => [code, received])).toEqual([
      ['TL_FAULT_INVALID', '"nap=1"'],
      ['TL_FAULT_INVALID', '"drop-deliveries=200%"'],
      ['TL_FAULT_IN_PRODUCTION', '"nap=1,stall=1s,drop-deliveries=200%"'],
    ]);
  });

  it('refuses a fault that is named twice, of which one value would be lost', () => {
    expect(problemsOf({ TOUCHLINE_FAULTS: 'stall,drop-deliveries=1%,drop-deliveries=2%' })).toEqual([
      'TL_FAULT_INVALID TOUCHLINE_FAULTS: expected drop-deliveries once; received "stall,drop-deliveries=1%,drop-deliveries=2%"',
    ]);
  });
});
