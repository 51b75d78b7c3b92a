/**
 * How many ticks a second arrive, where do they pile up, and what does each way to write them cost? The highest rate
 * that one reader gets whole, then many readers, every mode, source and kind of reader, readers that stop, and engines.
 */

import type { FirehoseBody, FirehoseRecord } from '../../record/firehose-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import { readSocketBuffers } from '../../run/socket-buffers.ts';
import { attempt } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { benchmarkReaders } from './benchmark.ts';
import { CellRunner } from './cell-runner.ts';
import { compareEngines } from './engines.ts';
import { drivenRate, modeCells, setupOf, slowCells, sourceCells } from './firehose-cells.ts';
import { compareKinds } from './kinds.ts';
import { searchRate, sweepManyReaders } from './rates.ts';
import { type FirehoseServer, SERVER_BUFFERS } from './server.ts';

/** Of the server, unless it is told otherwise. */
const DEFAULT_MAX_TICK_RATE = 1_000_000;
/** Enough for the code of every tick to run hot, in each format. */
const WARM_UP_MS = 500;

/** The scenario `firehose`. */
export const firehose: Scenario<'firehose'> = {
  name: 'firehose',
  needsSpawnedServer: false,
  demand: ({ ticks, slowReaders }) => ({
    connections: Math.max(...ticks.readers) + slowReaders,
    // Readers are one process: what one core checks is part of what is measured.
    deliveriesPerSecond: 1,
  }),
  overrides,
  describe,
  recorded: ({ rates, measureMs, warmUpMs, slowReaders, ticks }) => ({
    rates: rates.join(','),
    maxRate: ticks.maxRate,
    readers: ticks.readers.join(','),
    formats: ticks.formats.join(','),
    modes: ticks.modes.join(','),
    engines: ticks.engines.join(','),
    readerKinds: ticks.kinds.join(','),
    slowReaders,
    measureMs,
    warmUpMs,
  }),
  nothing: (options) => bodyOf(options, { cells: [], notMeasured: [], buffers: null }),
  run: runFirehose,
};

function overrides({ ticks }: ScenarioOptions) {
  const highest = ticks.maxRate;
  const [engine = 'ws'] = ticks.engines;
  return [
    ...(highest <= DEFAULT_MAX_TICK_RATE
      ? []
      : [
          {
            name: 'MAX_TICK_RATE',
            value: String(highest),
            why: `the run asks for up to ${highest} ticks/s; the default is ${DEFAULT_MAX_TICK_RATE}`,
          },
        ]),
    ...(engine === 'ws' ? [] : [{ name: 'ENGINE', value: engine, why: 'the engine that was asked for' }]),
  ];
}

function describe({ rates, measureMs, ticks }: ScenarioOptions): string {
  const { benchmark, readers, formats } = ticks;
  const each = `${measureMs / 1_000} s each`;
  if (benchmark !== undefined) {
    return `${benchmark.rate} ticks/s to ${benchmark.mode} (${benchmark.reader} reader), ${each}`;
  }
  return `${rates.join(', ')} ticks/s in ${formats.join(' and ')} to ${readers.join(', ')} readers, modes, sources, reader kinds, a slow reader, engines, ${each}`;
}

type SoFar = Pick<FirehoseRecord, 'cells' | 'notMeasured' | 'buffers'>;

function bodyOf({ rates, ticks }: ScenarioOptions, soFar: SoFar): FirehoseBody {
  return {
    scenario: 'firehose',
    rates: ticks.benchmark === undefined ? [...rates] : [ticks.benchmark.rate],
    maxRate: ticks.maxRate,
    ...soFar,
  };
}

async function runFirehose(context: ScenarioContext): Promise<ScenarioResult<FirehoseBody>> {
  const { options, target } = context;
  const runner = new CellRunner(context);
  const server: FirehoseServer = { target, engine: engineOf(context), runner, context };
  let buffers: SoFar['buffers'] = null;
  // A server that ran before us goes on as it was.
  const found = target.description.kind === 'running' ? await target.ticks.config() : null;
  try {
    const { sharesMachine, kind } = target.description;
    const own = kind === 'spawned' ? SERVER_BUFFERS : { batchTicks: null, conflationBytes: null };
    if (sharesMachine) buffers = await readSocketBuffers(own);
    const outcome = (await carryOut(server)) ?? { state: 'completed' as const };
    const { cells, notMeasured } = runner;
    return { outcome, body: bodyOf(options, { cells, notMeasured, buffers }) };
  } finally {
    // Whoever went away needs nothing put back.
    if (found !== null) await target.ticks.configure(found).catch(() => null);
  }
}

/** @returns why the run ended before its end, if it did */
async function carryOut(server: FirehoseServer): Promise<RunOutcome | undefined> {
  const { context } = server;
  const { benchmark } = context.options.ticks;
  if (benchmark !== undefined) return (await warmUp(server)) ?? benchmarkReaders(server, benchmark);
  server.runner.expected = expectedCells(context);
  return (
    (await warmUp(server)) ??
    (await searchRate(server)) ??
    (await sweepManyReaders(server)) ??
    (await measureParts(server)) ??
    (await compareKinds(server)) ??
    compareEngines(server)
  );
}

/** A short feed in each format, which is not kept. */
async function warmUp({ target, context, engine }: FirehoseServer): Promise<RunOutcome | undefined> {
  const { options, report, load, tickSearch } = context;
  const rate = Math.min(tickSearch.requiredRate, drivenRate(options));
  return attempt(context, 'the warm-up', async () => {
    for (const format of options.ticks.formats) {
      report({ phase: 'warm-server', step: format, connections: 1, load: null, remainingMs: WARM_UP_MS });
      const { reader, readers, slowReaders, mode, source } = setupOf({ engine, rate });
      await target.ticks.configure({ rate, format, source, fanOut: mode, rampEnabled: false });
      await load.ticks(
        {
          target: { wsUrl: target.load.wsUrl },
          reader,
          readers,
          slowReaders,
          format,
          warmUpMs: 0,
          measureMs: WARM_UP_MS,
          clientId: 'touchline-warm-up',
          ackEveryMs: 100,
        },
        { phase: () => undefined, progress: () => undefined },
      );
      if (context.signal.aborted) break;
    }
    return undefined;
  });
}

/** What is measured on the one server, one cell after the other. */
function measureParts({ target, engine, runner, context }: FirehoseServer): Promise<RunOutcome | undefined> {
  const { options, tickSearch } = context;
  const base = { engine, requiredRate: tickSearch.requiredRate };
  const cells = [...modeCells(options, base), ...sourceCells(options, base), ...slowCells(options, base)];
  return runner.measureAll(cells.map((cell) => ({ ...cell, server: target })));
}

/** Roughly: a search may be shorter or longer. */
function expectedCells({ options, tickSearch }: ScenarioContext): number {
  const { ticks, rates } = options;
  const base = { engine: '', requiredRate: tickSearch.requiredRate };
  const parts = [modeCells, sourceCells, slowCells].reduce(
    (sum, cells) => sum + cells(options, base).length,
    0,
  );
  const many = (ticks.readers.length - 1) * (options.quick ? 1 : rates.length);
  return parts + ticks.formats.length * (rates.length + 2 + many + ticks.engines.length) + ticks.kinds.length;
}

function engineOf({ options, target }: ScenarioContext): string {
  return target.description.kind === 'running' ? 'unknown' : (options.ticks.engines[0] ?? 'ws');
}
