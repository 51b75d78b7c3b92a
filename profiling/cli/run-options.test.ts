import { describe, expect, it } from 'vitest';
import { repeatCommand } from './repeat-command.ts';
import {
  type MeasuringCommand,
  type OptionSurroundings,
  type RunOptions,
  readReportOptions,
  readRunOptions,
} from './run-options.ts';

const CONCURRENCY: MeasuringCommand = { command: 'concurrency', scenario: 'concurrency' };
const SURROUNDINGS: OptionSurroundings = { environment: {}, randomSeed: 42 };

/** Options of a command line that is right. */
function options(words: string, surroundings = SURROUNDINGS): RunOptions {
  const asked = readRunOptions(words.split(' ').filter(Boolean), CONCURRENCY, surroundings);
  if (asked.kind !== 'run') throw new Error(JSON.stringify(asked));
  return asked.options;
}

/** Problems of a command line that is wrong. */
function problems(...argv: string[]): readonly string[] {
  const asked = readRunOptions(argv, CONCURRENCY, SURROUNDINGS);
  return asked.kind === 'usage' ? asked.problems : [];
}

describe('readRunOptions', () => {
  it('has the documented defaults', () => {
    expect(options('')).toMatchObject({
      quick: false,
      tiers: [10, 50, 100, 500, 1000],
      measureMs: 30_000,
      warmUpMs: 3_000,
      broadcastsPerSecond: 10,
      arrival: 'uniform',
      client: 'lean',
      workers: undefined,
      seed: 42,
      target: { kind: 'spawned', faults: [] },
      thresholds: {},
      json: false,
      quiet: false,
    });
  });

  it.each([
    ['heap', { cpu: false, heap: false }, true],
    ['cpu', { cpu: true, heap: false }, false],
    ['both', { cpu: true, heap: false }, true],
  ])(
    'of memory: --profile %s keeps heap snapshots, which it takes by itself',
    (kind, profile, keepsSnapshots) => {
      const asked = readRunOptions(
        ['--profile', kind],
        { command: 'memory', scenario: 'memory' },
        SURROUNDINGS,
      );
      expect(asked).toMatchObject({ kind: 'run', options: { profile, keepsSnapshots } });
    },
  );

  it('has shorter defaults with --quick, and for `profile`, that can still be changed', () => {
    expect(options('--quick')).toMatchObject({ tiers: [10, 100, 1000], measureMs: 4_000, warmUpMs: 1_000 });
    expect(options('--quick --duration 2s')).toMatchObject({ tiers: [10, 100, 1000], measureMs: 2_000 });
    const profile = readRunOptions([], { ...CONCURRENCY, command: 'profile' }, SURROUNDINGS);
    expect(profile).toMatchObject({ kind: 'run', options: { quick: true, measureMs: 4_000 } });
  });

  it.each([
    ['--duration 500ms', { measureMs: 500 }],
    ['--duration 1.5', { measureMs: 1_500 }],
    ['--duration=2m', { measureMs: 120_000 }],
    ['--warm-up 0', { warmUpMs: 0 }],
    ['--tiers 100,10,100', { tiers: [10, 100] }],
    ['--rate 0.5', { broadcastsPerSecond: 0.5 }],
    ['--arrival poisson', { arrival: 'poisson' }],
    ['--client ws', { client: 'ws' }],
    ['--seed 0', { seed: 0 }],
    ['--match 7', { matchId: 7 }],
    ['--threshold p99=80ms --threshold lost=3', { thresholds: { p99: 80, lost: 3 } }],
    [
      '--fault drop-deliveries=2% --fault stall',
      {
        target: {
          kind: 'spawned',
          faults: [
            { name: 'drop-deliveries', value: 2 },
            { name: 'stall', value: 1_000 },
          ],
        },
      },
    ],
  ])('reads %s', (words, expected) => {
    expect(options(words)).toMatchObject(expected);
  });

  it('derives the other addresses from --url, and marks guesses', () => {
    expect(options('--url ws://127.0.0.1:8000/ws').target).toEqual({
      kind: 'running',
      url: 'ws://127.0.0.1:8000/ws',
      http: 'http://127.0.0.1:8000',
      admin: 'http://127.0.0.1:9464',
      metrics: 'http://127.0.0.1:9464/metrics',
      guessed: true,
      adminToken: null,
    });
    expect(options('--url wss://example.org/ws --admin http://example.org:9464/').target).toMatchObject({
      http: 'https://example.org',
      admin: 'http://example.org:9464',
      metrics: 'http://example.org:9464/metrics',
      guessed: false,
    });
    expect(options('--url ws://example.org/ws').target).toMatchObject({ admin: null, metrics: null });
  });

  it('takes the admin token from the command line, else from the environment', () => {
    const surroundings = { ...SURROUNDINGS, environment: { TOUCHLINE_ADMIN_TOKEN: 'from-env' } };
    const url = '--url ws://127.0.0.1:8000/ws';
    expect(options(url, surroundings).target).toMatchObject({ adminToken: 'from-env' });
    expect(options(`${url} --admin-token typed`, surroundings).target).toMatchObject({ adminToken: 'typed' });
  });

  it('chooses the library client for wss://', () => {
    expect(options('--url wss://example.org/ws').client).toBe('ws');
    expect(options('--url ws://example.org/ws').client).toBe('lean');
  });

  it.each<[string, RegExp]>([
    ['--tiers 0', /--tiers: expected connection counts from 1 to 50000 .*; received "0"/],
    ['--tiers 10,x', /received "x" in "10,x"/],
    ['--tiers 50001', /from 1 to 50000/],
    ['--tiers 1.5', /received "1.5"/],
    ['--tiers -5', /received "-5"/],
    ['--tiers 10,,20', /received "" in "10,,20"/],
    ['--duration soon', /--duration: expected a duration from 100ms .*; received "soon"/],
    ['--duration 0', /received "0"/],
    ['--duration 10h', /received "10h"/],
    ['--duration 99ms', /from 100ms/],
    ['--warm-up -1s', /--warm-up: expected a duration/],
    ['--rate 0', /--rate: expected a rate per second, a number from 0.1 to 20000000; received "0"/],
    ['--rate fast', /received "fast"/],
    ['--arrival random', /--arrival: expected one of uniform, poisson; received "random"/],
    ['--client fat', /--client: expected one of auto, lean, ws; received "fat"/],
    ['--workers 0', /--workers: expected subscriber processes, a whole number from 1 to 64/],
    ['--workers 1.5', /whole number/],
    ['--seed -1', /--seed: expected a seed, a whole number from 0 to 4294967295; received "-1"/],
    ['--seed 4294967296', /received "4294967296"/],
    ['--match 0', /--match: expected a match id/],
    ['--threshold p98=1ms', /--threshold: .*p98/],
    ['--threshold p99', /--threshold: /],
    ['--fault nonsense', /--fault: expected a fault out of .*; received "nonsense"/],
    ['--fault drop-deliveries=200%', /--fault: expected drop-deliveries between/],
    ['--url http://127.0.0.1/ws', /--url: expected an address that begins with ws:\/\/ or wss:\/\//],
    ['--url nonsense', /--url: expected an address/],
    ['--url ws://h/ws --http ftp://h', /--http: expected an address that begins with http/],
    ['--url ws://h/ws --admin h:1', /--admin: expected an address/],
    ['--url ws://h/ws --metrics h', /--metrics: expected an address/],
    ['--url ws://h/ws --fault stall', /--fault needs a server that the profiler starts/],
    ['--url wss://h/ws --client lean', /--client lean speaks ws:\/\/ only/],
    ['--http http://h', /--http describes a running server and needs --url/],
    ['--admin-token x', /--admin-token describes a running server and needs --url/],
    ['--quick=yes', /--quick takes no value; received "yes"/],
    ['--tiers', /--tiers needs a value: --tiers <list>/],
    ['--tiers --quick', /--tiers needs a value/],
    ['--out=', /--out: expected a folder; received ""/],
    ['--fault=', /--fault: expected a fault; received ""/],
    ['--seed 1 --seed 2', /--seed may be given once; received 2 times/],
    ['--tresholds p99=1ms', /unknown option --tresholds; did you mean --threshold\?/],
    ['--nonsense', /^unknown option --nonsense$/],
    [
      '--threshold p98=1ms',
      /^--threshold: expected a threshold .*received "p98"; did you mean p95 or p99\?$/,
    ],
    ['--threshold p99=fast', /^--threshold: expected p99 as .*received "p99=fast"$/],
    ['--fault drop-delivery=1%', /^--fault: .*received "drop-delivery"; did you mean drop-deliveries\?$/],
    ['--fault stall,slow-lop', /did you mean slow-loop\?$/],
    ['--fault nope', /received "nope"$/],
    ['-x', /^unknown option -x$/],
    ['10', /unexpected "10": options begin with --/],
  ])('refuses %s', (words, expected) => {
    const found = problems(...words.split(' '));
    expect(found).not.toEqual([]);
    expect(found.join('\n')).toMatch(expected);
  });

  it('names every problem at once', () => {
    expect(problems('--tiers', 'x', '--rate', '0', '--oops', '--seed', 'y')).toHaveLength(4);
  });

  it('shows help before anything else', () => {
    expect(readRunOptions(['--help'], CONCURRENCY, SURROUNDINGS)).toEqual({ kind: 'help' });
    expect(readRunOptions(['--tiers', 'x', '--help'], CONCURRENCY, SURROUNDINGS)).toEqual({ kind: 'help' });
  });
});

describe('readReportOptions', () => {
  it('takes one path and a few options', () => {
    expect(readReportOptions(['run.json', '--threshold', 'p99=5ms', '--json'])).toEqual({
      kind: 'run',
      options: { runFile: 'run.json', out: undefined, json: true, thresholds: { p99: 5 } },
    });
  });

  it.each([[[]], [['a.json', 'b.json']], [['a.json', '--tiers', '5']]])('refuses %j', (argv) => {
    expect(readReportOptions(argv).kind).toBe('usage');
  });
});

describe('repeatCommand', () => {
  it('repeats what was typed, with the seed, without output options and secrets', () => {
    const typed = options(
      '--quick --tiers 5,20 --threshold p99=80ms --fault stall --out /x --json --threshold lost=3',
    );
    expect(repeatCommand('concurrency', typed)).toBe(
      'npm run profile:concurrency -- --quick --seed 42 --tiers 5,20 --threshold p99=80ms --threshold lost=3 --fault stall',
    );
    const remote = options('--url ws://h/ws?a=1&b=2 --admin-token hush --api-token hush');
    expect(repeatCommand('concurrency', remote)).toBe(
      `npm run profile:concurrency -- --seed 42 --url 'ws://h/ws?a=1&b=2' --admin-token "$TOUCHLINE_ADMIN_TOKEN" --api-token "$API_TOKEN"`,
    );
  });

  it('gives the same options when it is run', () => {
    const first = options('--quick --tiers 5,20 --arrival poisson --seed 7');
    const words = repeatCommand('concurrency', first).split(' -- ')[1] ?? '';
    expect({ ...options(words), typed: null }).toEqual({ ...first, typed: null });
  });
});

describe('what http asks for', () => {
  const asked = (words: string) => {
    const command = { command: 'http', scenario: 'http' } as const;
    const read = readRunOptions(words.split(' ').filter(Boolean), command, {
      environment: {},
      randomSeed: 42,
    });
    if (read.kind !== 'run') throw new Error(`expected options; received ${JSON.stringify(read)}`);
    return read.options;
  };

  it.each([
    ['', []],
    ['--paths /a,/b?c=1', ['/a', '/b?c=1']],
    ['--url http://h', ['/']],
    ['--url https://h/a/?b=1#c', ['/a/?b=1']],
    ['--url http://h --paths /x', ['/x']],
    // Nothing is posted to a server that runs already unless it was asked for by its name.
    ['--url http://h --endpoints publish', []],
  ])('is "%s" → %j', (words, paths) => {
    expect(asked(words).http.paths).toEqual(paths);
  });

  it('goes to the origin of --url', () => {
    expect(asked('--url https://h:8443/a/b').target).toMatchObject({ http: 'https://h:8443', admin: null });
    expect(asked('').http.endpoints).toHaveLength(8);
  });
});
