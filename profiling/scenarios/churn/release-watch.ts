/** How long the target goes on holding connections whose clients are all gone. */

import type { Release } from '../../record/churn-record.ts';
import type { ScenarioContext } from '../scenario.ts';

/** Every look costs the target a scrape of a few milliseconds. */
const LOOK_EVERY_MS = 100;

export interface ReleaseWatchInput {
  /** Connections that the target held before anybody came: those of others. */
  readonly baselineConnections: number;
  readonly longestMs: number;
}

export type Released = Omit<Release, 'after'>;

/**
 * Asks the target for its connections until none is left above the baseline.
 *
 * @returns null when the target does not tell how many it holds
 */
export async function watchRelease(
  { target, wait, signal }: ScenarioContext,
  { baselineConnections, longestMs }: ReleaseWatchInput,
): Promise<Released | null> {
  const startedAtMs = performance.now();
  for (;;) {
    const reading = await target.view.scrape();
    const connections = reading?.value('touchline_connections') ?? null;
    const waitedMs = performance.now() - startedAtMs;
    if (connections === null) return null;
    const stillHeld = Math.max(0, connections - baselineConnections);
    if (stillHeld === 0) return { releasedMs: waitedMs, waitedMs, stillHeld };
    if (waitedMs >= longestMs || signal.aborted) return { releasedMs: null, waitedMs, stillHeld };
    await wait(LOOK_EVERY_MS);
  }
}
