/** The same feed from the other engines, each on a server of its own; one that is not there is named. */

import type { EngineName } from '../../../server/protocol/engine-names.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import type { ScenarioContext } from '../scenario.ts';
import { engineCells } from './firehose-cells.ts';
import type { FirehoseServer } from './server.ts';

const LONGEST_REASON = 500;

/** @returns why the run ends here, if it does */
export async function compareEngines(server: FirehoseServer): Promise<RunOutcome | undefined> {
  const { context, runner, target } = server;
  const { options, tickSearch } = context;
  if (options.ticks.engines.length < 2) return undefined;
  const { requiredRate } = tickSearch;
  const [, ...others] = options.ticks.engines;
  const own = engineCells(options, { engine: server.engine, requiredRate });
  const end = await runner.measureAll(own.map((cell) => ({ ...cell, server: target })));
  if (end !== undefined) return end;
  for (const engine of others) {
    const ended = await onEngine(server, engine, (started) =>
      runner.measureAll(
        engineCells(options, { engine, requiredRate }).map((cell) => ({ ...cell, server: started })),
      ),
    );
    if (ended !== undefined) return ended;
  }
  return undefined;
}

/** Starts a server of that engine, and ends it; where it does not start, the engine is named as not measured. */
export async function onEngine(
  { context, runner }: FirehoseServer,
  engine: EngineName,
  measure: (started: Target) => Promise<RunOutcome | undefined>,
): Promise<RunOutcome | undefined> {
  if (context.target.description.kind === 'running') {
    runner.notMeasured.push({
      what: `engine ${engine}`,
      why: 'a server that runs already has the engine it has',
    });
    return undefined;
  }
  if (context.signal.aborted) return undefined;
  const started = await startEngine(context, engine);
  if (typeof started === 'string') {
    runner.notMeasured.push({ what: `engine ${engine}`, why: started });
    return undefined;
  }
  try {
    return await measure(started);
  } finally {
    await started.close();
  }
}

/** @returns the reason where it does not start */
async function startEngine(context: ScenarioContext, engine: EngineName): Promise<Target | string> {
  try {
    return await context.spawnVariant({
      name: engine,
      settings: { ENGINE: engine },
      nodeOptions: () => [],
    });
  } catch (error) {
    if (!(error instanceof TouchlineError) || error.code !== 'TL_SERVER_START_FAILED') throw error;
    return reasonOf(error.message);
  }
}

/** The server's own sentence: the last of its words. */
function reasonOf(message: string): string {
  const last = message.trim().split('\n').at(-1)?.trim() ?? message;
  return last.slice(0, LONGEST_REASON);
}
