/** What a script reads from its environment, checked: k6 has no options of its own for scripts. */

/** Everything that a script may be told, with defaults of its own. */
export interface Settings {
  /** The WebSocket endpoint, such as `ws://127.0.0.1:8000/ws`. */
  readonly wsUrl: string;
  /** Where HTTP is served, without a slash at its end. */
  readonly httpUrl: string;
  /** '' for none. */
  readonly apiToken: string;
  /** 1 to 16 of `a-z0-9`: marks the messages of this run; '' lets the test choose. */
  readonly runId: string;
  readonly matchId: number;
  readonly clients: number;
  /** What is done a second; each script says what that is. */
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  /** Latency of one delivery in so many is kept; 0 lets the script choose. */
  readonly sampleEvery: number;
  /** How long the test waits after its last client, so that a Prometheus that is pushed to has the last figures. */
  readonly lingerSeconds: number;
  /** A file for the summary as JSON; '' for none. */
  readonly summaryFile: string;
}

/** What differs from script to script. */
export interface Defaults {
  readonly path: '/ws' | '/ticks';
  readonly clients: number;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  /** Absent where k6 can try any. */
  readonly mostRatePerSecond?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const MATCH_IDS = 2_147_483_647;
const MOST_CLIENTS = 20_000;
const MOST_RATE = 1_000_000;
const MOST_SECONDS = 86_400;
const MOST_LINGER_SECONDS = 60;

/**
 * Reads URL, HTTP_URL, API_TOKEN, RUN_ID, MATCH_ID, CLIENTS, RATE, DURATION, SAMPLE_EVERY, LINGER_SECONDS and SUMMARY_FILE.
 *
 * @throws Error that says what was expected and what came
 */
export function readSettings(environment: Environment, defaults: Defaults): Settings {
  const base = readBase(environment);
  const number = (name: string, range: readonly [number, number], fallback: number) =>
    readNumber({ name, range, text: environment[name] }, fallback);
  return {
    wsUrl: `${base.replace(/^http/, 'ws')}${defaults.path}`,
    httpUrl: (environment['HTTP_URL'] || base).replace(/\/+$/, ''),
    apiToken: environment['API_TOKEN'] ?? '',
    runId: readRunId(environment['RUN_ID']),
    matchId: number('MATCH_ID', [1, MATCH_IDS], 1),
    clients: number('CLIENTS', [1, MOST_CLIENTS], defaults.clients),
    ratePerSecond: number('RATE', [1, defaults.mostRatePerSecond ?? MOST_RATE], defaults.ratePerSecond),
    durationSeconds: readDuration(environment['DURATION'], defaults.durationSeconds),
    sampleEvery: number('SAMPLE_EVERY', [0, MOST_RATE], 0),
    lingerSeconds: number('LINGER_SECONDS', [0, MOST_LINGER_SECONDS], 0),
    summaryFile: environment['SUMMARY_FILE'] ?? '',
  };
}

/** `http://host:port` of any URL that somebody gives: one to an endpoint will do for every script. */
function readBase(environment: Environment): string {
  const text = environment['URL'] || 'ws://127.0.0.1:8000';
  const match = /^(ws|http)(s?):\/\/([^/?#]+)/.exec(text);
  if (match === null) throw wrong('URL', 'ws://, wss://, http:// or https:// and a host', text);
  return `http${match[2]}://${match[3]}`;
}

function readRunId(text = ''): string {
  if (!/^[a-z0-9]{0,16}$/.test(text)) throw wrong('RUN_ID', '1 to 16 characters a-z and 0-9', text);
  return text;
}

interface NumberToRead {
  readonly name: string;
  readonly text: string | undefined;
  readonly range: readonly [number, number];
}

function readNumber({ name, text, range: [least, most] }: NumberToRead, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw wrong(name, `a whole number from ${least} to ${most}`, text);
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 0.001, s: 1, m: 60, h: 3_600 };

function readDuration(text: string | undefined, fallbackSeconds: number): number {
  if (text === undefined || text === '') return fallbackSeconds;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
    throw wrong('DURATION', 'a time from 1s to 24h, such as 30s or 2m', text);
  }
  return seconds;
}

function wrong(name: string, expected: string, received: string): Error {
  return new Error(`${name}: expected ${expected}; received "${received}"`);
}
