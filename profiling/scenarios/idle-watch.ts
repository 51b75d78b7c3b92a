/** The server without a connection: what it weighs and what it does by itself. */

import type { IdleRecord } from '../record/tier-record.ts';
import { takeMemorySample } from '../sampling/memory-sample.ts';
import { serverWindow } from '../sampling/server-window.ts';
import type { ScenarioContext } from './scenario.ts';

/** How long the idle server's CPU is watched. */
export const IDLE_WATCH_MS = 1_000;

export async function watchIdle({ target, wait }: ScenarioContext): Promise<IdleRecord> {
  const { sharesMachine } = target.description;
  const memory = await takeMemorySample(target.view, { connections: 0, sharesMachine });
  const before = await target.view.scrape();
  await wait(IDLE_WATCH_MS);
  const after = await target.view.scrape();
  return { memory, cpuCores: serverWindow(before, after).cpuCores };
}
