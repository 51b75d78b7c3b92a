import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../record/run-record.ts';
import { readReportOptions, readRunOptions } from './run-options.ts';

const SURROUNDINGS = { environment: {}, randomSeed: 42 };

function read(words: string, scenario: ScenarioName = 'broadcast') {
  return readRunOptions(words.split(' ').filter(Boolean), { command: scenario, scenario }, SURROUNDINGS);
}

describe('a command line that contradicts itself', () => {
  it.each<[string, RegExp]>([
    ['--fault drop-deliveries=1% --fault drop-deliveries=2%', /^--fault drop-deliveries may be given once/],
    ['--fault drop-deliveries=1%,drop-deliveries=2%', /^--fault drop-deliveries may be given once/],
    ['--threshold p99=1s --threshold p99=2s', /^--threshold p99 may be given once/],
    [
      '--threshold heap-slope=1KB',
      /^--threshold heap-slope is not judged by broadcast, which judges not-connected, .*, sustained-rate$/,
    ],
    ['--connections 20 --slow-readers 20', /fewer than the 20 of --connections; received 20$/],
    [
      '--rates 50,200 --threshold sustained-rate=300',
      /^--threshold sustained-rate=300\/s is above 200\/s, the highest of --rates/,
    ],
    ['--closed 150ms', /^--closed: expected a duration from 1000ms/],
    ['--no-live --live-host 0.0.0.0', /^--live-host says where to show what --no-live does not show/],
    ['--live-host 127.0.0.1:9465', /^--live-host: expected an IP address or a name, without a port/],
    ['--remote-write localhost:9090', /^--remote-write: expected an address that begins with http:\/\//],
    ['--attach 123', /^--attach describes a running server and needs --url$/],
    [
      '--url ws://127.0.0.1:8000/ws --attach me',
      /^--attach: expected the id of a process, .*; received "me"/,
    ],
    [
      '--url ws://127.0.0.1:8000/ws --attach 0',
      /^--attach: expected the id of a process, a whole number from 1 to 4194304/,
    ],
    [
      '--url ws://10.0.0.1:8000/ws --attach 123',
      /^--attach needs a process of this machine: expected --url on loopback.*received ws:\/\/10\.0\.0\.1:8000\/ws$/,
    ],
    ['--rates 100,20000', /^--rates of broadcast may be 10000 at most; received 20000/],
  ])('is refused in a sentence: %s', (words, expected) => {
    expect(read(words)).toEqual({ kind: 'usage', problems: [expect.stringMatching(expected)] });
  });

  it.each<[string, ScenarioName, RegExp]>([
    ['--rate 20000', 'memory', /^--rate of broadcasts may be 10000 at most; received 20000/],
    [
      '--rates 2000000 --max-rate 1000000',
      'firehose',
      /^--max-rate 1000000 is below 2000000, the highest of --rates/,
    ],
    [
      '--quick --threshold sustained-tick-rate=3000000',
      'firehose',
      /^--threshold sustained-tick-rate=3,000,000\/s is above what is tried/,
    ],
    ['--url ws://h/ws', 'http', /^--url: expected an address that begins with http:\/\/ or https:\/\//],
    ['--url http://h', 'memory', /^--url: expected an address that begins with ws:\/\/ or wss:\/\//],
    ['--url http://a:b@h', 'http', /^--url: expected an address without a name and a password/],
    ['--url http://h/a --paths /b', 'http', /^--url has a path of its own and --paths names others/],
    ['--url http://h/a --endpoints livez', 'http', /^--url has a path of its own and --endpoints/],
    ['--paths /a --endpoints livez', 'http', /^--endpoints and --paths both say what is asked for/],
    ['--paths /a,b', 'http', /^--paths: expected paths that begin with \/ .*received "b"$/],
    ['--timeout 10ms', 'http', /^--timeout: expected a duration from 1000ms/],
    [
      '--threshold p99=1s',
      'firehose',
      /^--threshold p99 is not judged by firehose, which judges .*tick-p99$/,
    ],
    [
      '--modes naive,fast',
      'firehose',
      /^--modes: expected some of naive, framed, corked, coalesced, separated by commas; received "fast"/,
    ],
  ])('is refused in a sentence: %s of %s', (words, scenario, expected) => {
    expect(read(words, scenario)).toEqual({ kind: 'usage', problems: [expect.stringMatching(expected)] });
  });

  it('is refused by benchmark', () => {
    const benchmark = (...argv: string[]) =>
      readRunOptions(argv, { command: 'benchmark', scenario: 'firehose' }, SURROUNDINGS);
    expect(benchmark('--rate', '0.5')).toMatchObject({
      problems: ['--rate of ticks is a whole number; received 0.5'],
    });
    expect(benchmark('--mode', 'rust')).toMatchObject({ kind: 'usage' });
    expect(benchmark('--mode', 'browser-js', '--rate', '500000', '--duration', '15')).toMatchObject({
      options: {
        measureMs: 15_000,
        ticks: {
          benchmark: { mode: 'browser-js', reader: 'browser-naive', rate: 500_000 },
          formats: ['json'],
        },
      },
    });
  });

  it('is refused by report, too', () => {
    const asked = readReportOptions(['run.json', '--threshold', 'p99=1s', '--threshold', 'p99=2s']);
    expect(asked).toMatchObject({ kind: 'usage', problems: [/may be given once/] });
  });

  it.each([
    '--fault drop-deliveries=1% --fault stall',
    '--threshold p99=1s --threshold p95=2s',
    '--connections 20 --slow-readers 19',
    '--rates 50,300 --threshold sustained-rate=300',
    '--closed 0',
    '--closed 0ms',
    '--closed 1s',
  ])('is not %s', (words) => {
    expect(read(words).kind).toBe('run');
  });

  it('is not the default of one slow reader beside one connection: nobody is left to compare', () => {
    const [one, many] = [read('--connections 1'), read('')];
    expect(one).toMatchObject({ kind: 'run', options: { slowReaders: 0 } });
    expect(many).toMatchObject({ kind: 'run', options: { slowReaders: 1 } });
  });

  it('is not a limit of another scenario where several run', () => {
    const words = ['--threshold', 'heap-slope=1KB'];
    expect(readRunOptions(words, { command: 'profile', scenario: 'broadcast' }, SURROUNDINGS).kind).toBe(
      'run',
    );
  });
});
