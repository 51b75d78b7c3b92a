/** Where k6 pushes to. */

import type { Environment } from '../k6/lib/settings.ts';

/** Where Prometheus listens unless told otherwise. */
const USUAL_PROMETHEUS = 'http://127.0.0.1:9090';
const PROBE_TIMEOUT_MS = 2_000;

/** @returns its address, without a slash at the end; undefined where none answers */
export async function findPrometheus(
  environment: Environment,
  testId: string,
  onNote: (text: string) => void,
): Promise<string | undefined> {
  const url = (environment['PROMETHEUS_URL'] || USUAL_PROMETHEUS).replace(/\/+$/, '');
  if (await isReady(url)) {
    onNote(`pushing to Prometheus at ${url}: on the k6 board as ${testId}`);
    return url;
  }
  onNote(`no Prometheus at ${url}: only the summary is shown`);
  return undefined;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
