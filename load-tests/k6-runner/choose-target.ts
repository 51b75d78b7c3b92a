/** Which server a test drives: the one that was named; else the usual one if it runs; else one for this test alone. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Environment } from '../k6/lib/settings.ts';
import { startOwnServer } from './own-server.ts';
import type { K6RunOptions } from './run-options.ts';
import { readServerFigures, type ServerFigures } from './server-figures.ts';

/** Where `npm start` listens unless told otherwise. */
const USUAL_URL = 'http://127.0.0.1:8000';
const USUAL_ADMIN_URL = 'http://127.0.0.1:9464';
const PROBE_TIMEOUT_MS = 5_000;

export interface K6Target {
  readonly url: string;
  /** Aborted when a server of our own ends too early. */
  readonly died: AbortSignal;
  /** What it has counted so far; undefined where its admin port is not known or does not answer. */
  figures(): Promise<ServerFigures | undefined>;
  /** A sentence where it is gone by now; undefined where it is still there. */
  end(): Promise<string | undefined>;
  stop(): Promise<void>;
}

export interface TargetPlace {
  /** Folder that holds `dist/`. */
  readonly projectFolder: string;
  readonly environment: Environment;
  readonly onNote: (text: string) => void;
}

/** @throws TouchlineError `TL_TARGET_UNREACHABLE`, `TL_SERVER_START_FAILED`, or `TL_USAGE` for a fault that is none */
export async function chooseTarget(
  { url, faults }: Pick<K6RunOptions, 'url' | 'faults'>,
  place: TargetPlace,
): Promise<K6Target> {
  if (url !== undefined) {
    const trouble = await whyNotAlive(url);
    if (trouble === undefined) return runningTarget(url, undefined);
    throw new TouchlineError(
      'TL_TARGET_UNREACHABLE',
      `expected a touchline server at ${url}, with ${liveUrl(url)} answering 200; ${trouble.text}. npm start starts one; without --url the test starts one for itself.`,
    );
  }
  if (faults.length === 0 && (await whyNotAlive(USUAL_URL)) === undefined) {
    place.onNote(`against the server at ${USUAL_URL}`);
    return runningTarget(USUAL_URL, USUAL_ADMIN_URL);
  }
  return ownTarget(faults, place);
}

function runningTarget(url: string, adminUrl: string | undefined): K6Target {
  return {
    url,
    died: new AbortController().signal,
    figures: () => (adminUrl === undefined ? Promise.resolve(undefined) : readServerFigures(adminUrl)),
    end: async () => {
      // A connection that was kept since the first look may have been closed, which shows only when it is used.
      const trouble = (await whyNotAlive(url)) && (await whyNotAlive(url));
      // One that is busy answers late, which is no end.
      return trouble?.isGone ? `expected the server at ${url} to run to the end; ${trouble.text}` : undefined;
    },
    stop: () => Promise.resolve(),
  };
}

async function ownTarget(faults: readonly string[], place: TargetPlace): Promise<K6Target> {
  const { listening, died, stop } = await startOwnServer({ ...place, faults });
  const ill = faults.length === 0 ? '' : `, with the fault ${faults.join(', ')}`;
  place.onNote(
    `against a server started for this test${ill}: ${listening.wsUrl}, metrics at ${listening.adminUrl}/metrics`,
  );
  return {
    url: listening.httpUrl,
    died,
    figures: () => readServerFigures(listening.adminUrl),
    end: () => Promise.resolve(died.aborted ? String(died.reason) : undefined),
    stop,
  };
}

function liveUrl(url: string): string {
  return new URL('/livez', url.replace(/^ws/, 'http')).href;
}

interface Trouble {
  readonly text: string;
  /** Nobody listens there. */
  readonly isGone: boolean;
}

/** @returns undefined where it answers 200 */
async function whyNotAlive(url: string): Promise<Trouble | undefined> {
  try {
    const answer = await fetch(liveUrl(url), { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok ? undefined : { text: `it answers ${answer.status}`, isGone: false };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') {
      return { text: `nothing answered within ${PROBE_TIMEOUT_MS / 1_000} s`, isGone: false };
    }
    const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
    const why = cause?.code ?? cause?.message ?? String(error);
    return { text: `nothing answers (${why})`, isGone: why === 'ECONNREFUSED' };
  }
}
