import { describe, expect, it } from 'vitest';
import { readK6Options } from './run-options.ts';

const read = (line: string, environment = {}) => readK6Options(line.split(' ').filter(Boolean), environment);

describe('readK6Options', () => {
  it('takes matches where nothing is said', () => {
    expect(read('')).toEqual({
      kind: 'run',
      script: 'matches',
      url: undefined,
      faults: [],
      json: false,
      scriptEnvironment: {},
      k6Words: [],
    });
  });

  it('reads a script, its load, faults, and what is for k6', () => {
    const line =
      'broadcast --vus 200 --duration 30s --rate 50 --fault stall --fault drop-deliveries=1% --json -- --quiet -v';
    expect(read(line)).toEqual({
      kind: 'run',
      script: 'broadcast',
      url: undefined,
      faults: ['stall', 'drop-deliveries=1%'],
      json: true,
      scriptEnvironment: { CLIENTS: '200', DURATION: '30s', RATE: '50' },
      k6Words: ['--quiet', '-v'],
    });
  });

  it('takes what stands in the environment, and the command line before it', () => {
    const environment = { URL: 'ws://host:1', CLIENTS: '5', RATE: '6', API_TOKEN: 'secret', HOME: '/' };
    expect(read('ticks --vus 7', environment)).toMatchObject({
      url: 'ws://host:1',
      scriptEnvironment: { CLIENTS: '7', RATE: '6', API_TOKEN: 'secret' },
    });
  });

  it.each([
    ['chatter', 'expected one script out of matches, broadcast, ticks, churn, http; received "chatter"'],
    ['ticks churn', 'received "ticks churn"'],
    ['http --vus 5', 'expected no --vus with http: --rate says how much is asked for; received --vus 5'],
    ['--vus none', '--vus (CLIENTS): expected a whole number from 1 to 20000; received "none"'],
    ['--duration 0s', '--duration (DURATION): expected a time from 1s to 24h'],
    ['--rate 0', '--rate (RATE): expected'],
    ['--url host', '--url (URL): expected ws://'],
    ['--url http://host:port', '--url (URL): expected a host and a port; received "http://host:port"'],
    ['--vus=', 'expected a value behind --vus; received none'],
    ['--clients 5', "Unknown option '--clients'"],
    ['--url ws://host --fault stall', '--fault is for a server that is started for the test'],
  ])('refuses %s', (line, message) => {
    expect(() => read(line)).toThrow(
      expect.objectContaining({ code: 'TL_USAGE', message: expect.stringContaining(message) }),
    );
  });

  it('asks for help, or a build', () => {
    expect(read('broadcast --help')).toEqual({ kind: 'help' });
    expect(read('--build')).toEqual({ kind: 'build' });
  });
});
