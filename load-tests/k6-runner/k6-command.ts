/** The command that runs a script: k6 itself, or k6 in a container that shares the network of this machine. */

import { basename, dirname, join } from 'node:path';
import type { K6ScriptName } from '../k6/lib/script-catalogue.ts';
import type { K6Program } from './find-k6.ts';

/** What every k6 of ours runs with; docker-compose.yml has the same. Without the internet, k6 looks for nothing there. */
export const K6_SETTINGS = {
  K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
  K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  K6_PROMETHEUS_RW_TREND_STATS: 'p(50),p(95),p(99),max',
  K6_NO_USAGE_REPORT: 'true',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  // Of Go: collects a quarter as often, for k6 makes a kilobyte of garbage with each message.
  GOGC: '400',
} as const;

export interface K6CommandOptions {
  readonly script: K6ScriptName;
  /** Folder of package.json. */
  readonly projectFolder: string;
  /** `http://127.0.0.1:9090`; undefined where none answers. */
  readonly prometheusUrl: string | undefined;
  readonly testId: string;
  /** What the script reads. */
  readonly scriptEnvironment: Readonly<Record<string, string>>;
  /** The summary as JSON goes there, into a folder that is there. */
  readonly summaryFile: string;
  readonly k6Words: readonly string[];
}

export interface K6Command {
  readonly file: string;
  readonly words: readonly string[];
  /** On top of that of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Two pushes. */
const LINGER_SECONDS = '2';
const SCRIPTS_INSIDE = '/scripts';
const SUMMARY_INSIDE = '/summary';

export function k6Command(program: K6Program, options: K6CommandOptions): K6Command {
  const { prometheusUrl, summaryFile, scriptEnvironment, projectFolder } = options;
  const environment = {
    ...K6_SETTINGS,
    ...(prometheusUrl === undefined
      ? {}
      : { K6_PROMETHEUS_RW_SERVER_URL: `${prometheusUrl}/api/v1/write`, LINGER_SECONDS }),
    ...scriptEnvironment,
    SUMMARY_FILE: summaryFile,
  };
  const scripts = join(projectFolder, 'load-tests', 'k6');
  if (program.kind === 'program') {
    return { file: program.file, words: runWords(options, scripts), environment };
  }
  const inside = { ...environment, SUMMARY_FILE: `${SUMMARY_INSIDE}/${basename(summaryFile)}` };
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const words = [
    ...['run', '--rm', '--network', 'host', '--user', user],
    ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--volume', `${scripts}:${SCRIPTS_INSIDE}:ro`],
    ...['--volume', `${dirname(summaryFile)}:${SUMMARY_INSIDE}`],
    // Names alone: a token that stood among the words could be read by every user of the machine.
    ...Object.keys(inside).flatMap((name) => ['--env', name]),
    program.image,
    ...runWords(options, SCRIPTS_INSIDE),
  ];
  return { file: 'docker', words, environment: inside };
}

function runWords(
  { prometheusUrl, testId, k6Words, script }: K6CommandOptions,
  folder: string,
): readonly string[] {
  return [
    'run',
    `--tag=testid=${testId}`,
    ...(prometheusUrl === undefined ? [] : ['--out=experimental-prometheus-rw']),
    ...k6Words,
    `${folder}/${script}.ts`,
  ];
}
