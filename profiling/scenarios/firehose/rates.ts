/** The highest rate that one reader gets whole, in each format, and how the same rates go to many. */

import type { RunOutcome } from '../../record/run-envelope.ts';
import type { JudgedStep } from '../../record/sustained-rate.ts';
import { nextStep } from '../rate-search.ts';
import { manyReaders, searchRates, setupOf } from './firehose-cells.ts';
import type { FirehoseServer } from './server.ts';

const MOST_BISECTIONS = { quick: 1, full: 3 } as const;

/** One search after the other. @returns why the run ends here, if it does */
export async function searchRate(server: FirehoseServer): Promise<RunOutcome | undefined> {
  for (const format of server.context.options.ticks.formats) {
    const end = await searchFormat(server, format);
    if (end !== undefined) return end;
  }
  return undefined;
}

async function searchFormat(
  { target, engine, runner, context }: FirehoseServer,
  format: 'json' | 'binary',
): Promise<RunOutcome | undefined> {
  const { options, tickSearch } = context;
  const search = {
    rates: searchRates(options),
    requiredRate: tickSearch.requiredRate,
    mostBisections: MOST_BISECTIONS[options.quick ? 'quick' : 'full'],
  };
  const judged: JudgedStep[] = [];
  for (;;) {
    const step = nextStep(search, judged);
    if (step === null) return undefined;
    const { kind, rate } = step;
    const before = runner.cells.length;
    const setup = setupOf({ engine, rate, format });
    const end = await runner.measure({ part: 'search', kind, setup, server: target });
    if (end !== undefined) return end;
    const cell = runner.cells[before];
    // A rate that the server does not take ends the list.
    if (cell === undefined) return undefined;
    judged.push({ kind, rate, judgement: tickSearch.judge(cell) });
  }
}

/** Up the list for each number of readers, until one does not hold. @returns why the run ends here, if it does */
export async function sweepManyReaders(server: FirehoseServer): Promise<RunOutcome | undefined> {
  const { target, engine, runner, context } = server;
  const base = { engine, requiredRate: context.tickSearch.requiredRate };
  for (const cells of manyReaders(context.options, base)) {
    for (const cell of cells) {
      const before = runner.cells.length;
      const end = await runner.measure({ ...cell, server: target });
      if (end !== undefined) return end;
      const measured = runner.cells[before];
      if (measured === undefined || context.tickSearch.judge(measured) !== 'held') break;
    }
  }
  return undefined;
}
