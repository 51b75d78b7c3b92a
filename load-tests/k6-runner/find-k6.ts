/** Finds a k6 that fits: on PATH, built before, in Docker, or built now with Go. */

import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { type BuildPlace, buildK6, builtK6, isK6Built, whyNotGo } from './build-k6.ts';
import { judgeK6Version } from './k6-version.ts';

/** The same version that load-tests/k6/go.mod pins, and docker-compose.yml. */
export const K6_IMAGE = 'grafana/k6:2.2.0';

export type K6Program =
  | { readonly kind: 'program'; readonly file: string; readonly note: string }
  | { readonly kind: 'docker'; readonly image: string; readonly note: string };

export interface FindOptions extends BuildPlace {
  /** Told what takes time, and why a k6 that is there was not taken. */
  readonly onNote: (text: string) => void;
  /** Ends what takes time. */
  readonly interrupted?: AbortSignal;
}

const run = promisify(execFile);
const ASK_TIMEOUT_MS = 20_000;
/** An image of 30 MB over a slow line. */
const PULL_TIMEOUT_MS = 180_000;
const INSTALL =
  'Install k6 2.x (https://grafana.com/docs/k6/latest/set-up/install-k6/), or start Docker, or install Go 1.25 or later (https://go.dev/dl/), and try again.';

/**
 * @throws TouchlineError `TL_K6_UNAVAILABLE` that names what was tried and how to install it; what aborted `interrupted` once it has
 */
export async function findK6(options: FindOptions): Promise<K6Program> {
  const tried: string[] = [];
  for (const look of [onPath, builtBefore, inDocker, builtWithGo]) {
    const found = await look(options);
    options.interrupted?.throwIfAborted();
    if (typeof found !== 'string') return found;
    if (found !== '') tried.push(found);
  }
  throw new TouchlineError('TL_K6_UNAVAILABLE', [...tried, INSTALL].join(' '));
}

/** Builds it whatever else there is. @throws TouchlineError `TL_K6_UNAVAILABLE` */
export async function ensureBuiltK6(options: FindOptions): Promise<K6Program> {
  const built = await builtBefore(options);
  if (typeof built !== 'string') return built;
  const now = await builtWithGo(options);
  if (typeof now !== 'string') return now;
  throw new TouchlineError('TL_K6_UNAVAILABLE', `${now} ${INSTALL}`);
}

/** What a look found, or why it found nothing; '' where there is nothing to say. */
type Look = (options: FindOptions) => Promise<K6Program | string>;

const onPath: Look = async (options) => {
  const answer = await ask('k6', ['version'], options);
  if (answer.kind === 'missing') return 'There is no k6 on PATH.';
  const version = judgeK6Version('The k6 on PATH', answer.text);
  if (version.kind === 'fits') return { kind: 'program', file: 'k6', note: `k6 ${version.version} on PATH` };
  options.onNote(version.reason);
  return version.reason;
};

const builtBefore: Look = async (options) => {
  const file = builtK6(options);
  return isK6Built(options) ? { kind: 'program', file, note: `k6 built before, ${fromHere(file)}` } : '';
};

const inDocker: Look = async (options) => {
  const server = await ask('docker', ['version', '--format', '{{.Server.Version}}'], options);
  if (server.kind === 'missing') return 'There is no Docker.';
  if (server.kind === 'failed') return 'Docker is installed and its daemon does not answer.';
  const found = { kind: 'docker', image: K6_IMAGE, note: `${K6_IMAGE} in Docker` } as const;
  if ((await ask('docker', ['image', 'inspect', K6_IMAGE], options)).kind === 'answered') return found;
  options.onNote(`pulling ${K6_IMAGE} (once) …`);
  const pulled = await ask('docker', ['pull', '--quiet', K6_IMAGE], options, PULL_TIMEOUT_MS);
  return pulled.kind === 'answered' ? found : `Docker cannot pull ${K6_IMAGE}.`;
};

const builtWithGo: Look = async (options) => {
  const go = await ask('go', ['version'], {
    ...options,
    environment: { ...options.environment, GOTOOLCHAIN: 'local' },
  });
  const reason = whyNotGo(go.text);
  if (reason !== undefined) return reason;
  options.onNote('building k6 with Go (about a minute, once) …');
  const file = await buildK6(options);
  if (file === undefined) return 'Go could not build k6: see above.';
  return { kind: 'program', file, note: `k6 built with Go, ${fromHere(file)}` };
};

/** As somebody on the terminal would name it. */
function fromHere(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? file : path;
}

interface Answer {
  readonly kind: 'answered' | 'failed' | 'missing';
  readonly text?: string;
}

/** Four parameters, the last of which is nearly always the same. */
async function ask(
  program: string,
  words: readonly string[],
  { environment, interrupted: signal }: FindOptions,
  timeoutMs = ASK_TIMEOUT_MS,
): Promise<Answer> {
  try {
    const { stdout } = await run(program, [...words], {
      env: { ...environment },
      timeout: timeoutMs,
      ...(signal && { signal }),
    });
    return { kind: 'answered', text: stdout };
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'failed' };
  }
}
