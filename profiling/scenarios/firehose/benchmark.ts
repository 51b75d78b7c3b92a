/** One rate to one kind of reader, from each engine. */

import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import type { TickBenchmark } from '../scenario-options.ts';
import { onEngine } from './engines.ts';
import { setupOf } from './firehose-cells.ts';
import { measureKind } from './kinds.ts';
import type { FirehoseServer } from './server.ts';

/** @returns why the run ends here, if it does */
export async function benchmarkReaders(
  server: FirehoseServer,
  benchmark: TickBenchmark,
): Promise<RunOutcome | undefined> {
  const { formats, engines } = server.context.options.ticks;
  const measure = async (target: Target, engine: string): Promise<RunOutcome | undefined> => {
    for (const format of formats) {
      const { rate, reader, mode } = benchmark;
      const setup = setupOf({ engine, rate, format, reader });
      const end = await measureKind(server, { part: 'benchmark', setup, server: target, clientId: mode });
      if (end !== undefined) return end;
    }
    return undefined;
  };
  const end = await measure(server.target, server.engine);
  if (end !== undefined) return end;
  for (const engine of engines.slice(1)) {
    const ended = await onEngine(server, engine, (started) => measure(started, engine));
    if (ended !== undefined) return ended;
  }
  return undefined;
}
