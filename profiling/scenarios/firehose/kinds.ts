/** The same feed to every kind of reader. A browser needs a page, and a server that lets that page in. */

import { isBrowserReader } from '../../../load-tests/generator/ticks/tick-plan.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { TickPageHandle } from '../scenario.ts';
import type { PlannedCell } from './cell-runner.ts';
import { kindCells } from './firehose-cells.ts';
import type { FirehoseServer } from './server.ts';

/** @returns why the run ends here, if it does */
export async function compareKinds(server: FirehoseServer): Promise<RunOutcome | undefined> {
  const { context, target, engine } = server;
  const { requiredRate } = context.tickSearch;
  for (const cell of kindCells(context.options, { engine, requiredRate })) {
    const end = await measureKind(server, { ...cell, server: target });
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Measures a reader of any kind; one that cannot run here is named. */
export async function measureKind(
  server: FirehoseServer,
  planned: PlannedCell,
): Promise<RunOutcome | undefined> {
  const { context, runner } = server;
  const { reader } = planned.setup;
  if (!isBrowserReader(reader)) return runner.measure(planned);
  const skip = (why: string): undefined => {
    runner.notMeasured.push({ what: `${reader} reader`, why });
    return undefined;
  };
  if (context.target.description.kind === 'running') {
    return skip('a server that runs already does not know the origin of the page');
  }
  if (context.signal.aborted) return undefined;
  const page = await openPage(server);
  if (typeof page === 'string') return skip(page);
  try {
    return await onPage(server, planned, page);
  } finally {
    await page.close();
  }
}

async function onPage(
  { context, runner }: FirehoseServer,
  planned: PlannedCell,
  page: TickPageHandle,
): Promise<RunOutcome | undefined> {
  const { reader, engine } = planned.setup;
  const allowing = await context.spawnVariant({
    name: `${reader}-${engine}`,
    settings: { ENGINE: engine, ALLOWED_ORIGINS: page.origin },
    nodeOptions: () => [],
  });
  try {
    return await runner.measure({ ...planned, server: allowing, browser: { pageOrigin: page.origin } });
  } finally {
    await allowing.close();
  }
}

/** @returns the reason where there is no browser */
async function openPage({ context }: FirehoseServer): Promise<TickPageHandle | string> {
  try {
    return await context.openTickPage();
  } catch (error) {
    if (!(error instanceof TouchlineError) || error.code !== 'TL_BROWSER_UNAVAILABLE') throw error;
    return error.message;
  }
}
