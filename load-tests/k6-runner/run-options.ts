/** What was asked for on the command line of `npm run load:k6`. */

import { parseArgs } from 'node:util';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { K6_SCRIPT_NAMES, K6_SCRIPTS, type K6ScriptName } from '../k6/lib/script-catalogue.ts';
import { type Environment, readSettings } from '../k6/lib/settings.ts';

export interface K6RunOptions {
  readonly kind: 'run';
  readonly script: K6ScriptName;
  /** A server that runs already; undefined: the one at the usual address, or one started for the test. */
  readonly url: string | undefined;
  /** `name[=value]`, for a server that is started for the test. */
  readonly faults: readonly string[];
  readonly json: boolean;
  /** What the script reads, beside URL and SUMMARY_FILE. */
  readonly scriptEnvironment: Readonly<Record<string, string>>;
  /** Go to `k6 run` as they are. */
  readonly k6Words: readonly string[];
}

export type K6Asked = K6RunOptions | { readonly kind: 'help' } | { readonly kind: 'build' };

/** Variables of a script that may also come from the surroundings. */
const PASSED_ON = [
  'HTTP_URL',
  'API_TOKEN',
  'RUN_ID',
  'MATCH_ID',
  'CLIENTS',
  'RATE',
  'DURATION',
  'SAMPLE_EVERY',
] as const;

const OPTIONS = {
  vus: { type: 'string' },
  rate: { type: 'string' },
  duration: { type: 'string' },
  url: { type: 'string' },
  fault: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  build: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * @param argv without node and the script
 * @throws TouchlineError `TL_USAGE` saying what was expected and what came
 */
export function readK6Options(argv: readonly string[], environment: Environment): K6Asked {
  const split = argv.indexOf('--');
  const own = split < 0 ? argv : argv.slice(0, split);
  const { values, positionals } = parse(own);
  if (values.help === true) return { kind: 'help' };
  if (values.build === true) return { kind: 'build' };
  const script = readScript(positionals);
  for (const [name, value] of Object.entries(values)) {
    // As an unset variable of a shell leaves it.
    if (value === '')
      throw new TouchlineError('TL_USAGE', `expected a value behind --${name}; received none`);
  }
  const url = values.url ?? environment['URL'];
  const faults = values.fault ?? [];
  if (url !== undefined && faults.length > 0) {
    throw new TouchlineError(
      'TL_USAGE',
      `--fault is for a server that is started for the test; received --fault ${faults.join(',')} with the URL ${url}`,
    );
  }
  if (values.vus !== undefined && K6_SCRIPTS[script].clientsAre === null) {
    throw new TouchlineError(
      'TL_USAGE',
      `expected no --vus with ${script}: --rate says how much is asked for; received --vus ${values.vus}`,
    );
  }
  const typed = { CLIENTS: values.vus, RATE: values.rate, DURATION: values.duration };
  const scriptEnvironment = pickGiven({ ...environment, ...dropMissing(typed) });
  checkSettings(script, { ...scriptEnvironment, ...(url === undefined ? {} : { URL: url }) });
  return {
    kind: 'run',
    script,
    url,
    faults,
    json: values.json === true,
    scriptEnvironment,
    k6Words: split < 0 ? [] : argv.slice(split + 1),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError('TL_USAGE', message, { cause });
  }
}

function readScript(positionals: readonly string[]): K6ScriptName {
  const [name = 'matches', ...more] = positionals;
  if (!Object.hasOwn(K6_SCRIPTS, name) || more.length > 0) {
    throw new TouchlineError(
      'TL_USAGE',
      `expected one script out of ${K6_SCRIPT_NAMES.join(', ')}; received "${positionals.join(' ')}"`,
    );
  }
  return name as K6ScriptName;
}

function dropMissing(record: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function pickGiven(environment: Environment): Readonly<Record<string, string>> {
  return dropMissing(Object.fromEntries(PASSED_ON.map((name) => [name, environment[name]])));
}

/** As the script will: k6 would tell of it in a stack trace. */
function checkSettings(script: K6ScriptName, environment: Environment): void {
  try {
    const { httpUrl } = readSettings(environment, K6_SCRIPTS[script]);
    if (!URL.canParse(httpUrl)) throw new Error(`URL: expected a host and a port; received "${httpUrl}"`);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const named = message.replace(
      /^(CLIENTS|RATE|DURATION|URL):/,
      (variable) => `${OPTION_OF[variable] ?? ''} (${variable.slice(0, -1)}):`,
    );
    throw new TouchlineError('TL_USAGE', named, { cause });
  }
}

const OPTION_OF: Readonly<Record<string, string>> = {
  'CLIENTS:': '--vus',
  'RATE:': '--rate',
  'DURATION:': '--duration',
  'URL:': '--url',
};
