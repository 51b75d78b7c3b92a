/** Waits until the target has noticed that everyone left. */

import type { ScenarioContext } from '../scenario.ts';

const LOOK_EVERY_MS = 50;
/** A count that has not moved for so long will not move by itself: what is left, leaked, or a heartbeat must find it. */
const STANDSTILL_MS = 600;
/** However slowly a large number of connections ends. */
const DEADLINE_MS = 15_000;

/** Connections that the target counts now; null where it does not tell. */
export async function countConnections({ target }: ScenarioContext): Promise<number | null> {
  return (await target.view.scrape())?.value('touchline_connections') ?? null;
}

/**
 * @param before connections of others, that were there before
 * @returns ms until the target held no more than before; null when it never did, or does not tell
 */
export async function untilReleased(context: ScenarioContext, before: number | null): Promise<number | null> {
  if (before === null) return null;
  const startedMs = performance.now();
  let last = await countConnections(context);
  let movedMs = startedMs;
  while (last !== null && last > before && !context.signal.aborted) {
    const nowMs = performance.now();
    if (nowMs - movedMs > STANDSTILL_MS || nowMs - startedMs > DEADLINE_MS) return null;
    await context.wait(LOOK_EVERY_MS);
    const count = await countConnections(context);
    if (count !== last) movedMs = performance.now();
    last = count;
  }
  return last === null || last > before ? null : performance.now() - startedMs;
}
