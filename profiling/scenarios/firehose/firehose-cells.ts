/** Which cells each part of a firehose run has, in the order they are run. */

import type { FanOutMode } from '../../../server/protocol/fan-out-modes.ts';
import type { TickFormat } from '../../../server/protocol/tick-messages.ts';
import type { CellPart, TickSetup } from '../../record/firehose-record.ts';
import type { ScenarioOptions } from '../scenario-options.ts';

/** What the ancestors were built for, and what modes and engines are driven with. */
export const TARGET_RATE = 1_000_000;
/** Each step of the search above the rates that were asked for. */
const DOUBLING = 2;
/** Beside those that stop. */
const HEALTHY_READERS = 1;

/** A cell that is to be measured. */
export interface AskedCell {
  readonly part: CellPart;
  readonly setup: TickSetup;
}

export interface Base {
  readonly engine: string;
  /** The rate that a run must sustain: every reader is expected to take it. */
  readonly requiredRate: number;
}

/** One lean reader of unique, coalesced ticks; `changes` say what is different. */
export function setupOf(changes: Partial<TickSetup> & Pick<TickSetup, 'rate' | 'engine'>): TickSetup {
  return {
    format: 'json',
    mode: 'coalesced',
    source: 'unique',
    reader: 'lean',
    readers: 1,
    slowReaders: 0,
    ...changes,
  };
}

/** Rates of the search: those that were asked for, then doubled up to the highest that may be tried. */
export function searchRates({ rates, ticks }: Pick<ScenarioOptions, 'rates' | 'ticks'>): readonly number[] {
  const all = [...rates];
  for (let rate = Math.max(...rates) * DOUBLING; rate <= ticks.maxRate; rate *= DOUBLING) all.push(rate);
  return all;
}

/** What the modes and engines are driven with: as fast as it goes. */
export function drivenRate({ ticks }: Pick<ScenarioOptions, 'ticks'>): number {
  return Math.min(TARGET_RATE, ticks.maxRate);
}

/** Rates to more than one reader, until one does not hold: a list for each number and format. Quick: one rate. */
export function manyReaders(
  options: ScenarioOptions,
  { engine, requiredRate }: Base,
): readonly (readonly AskedCell[])[] {
  const { ticks, quick } = options;
  const rates = quick ? [requiredRate] : options.rates;
  return ticks.readers
    .filter((readers) => readers > 1)
    .flatMap((readers) =>
      ticks.formats.map((format) =>
        rates.map((rate) => ({
          part: 'readers' as const,
          setup: setupOf({ engine, rate, format, readers }),
        })),
      ),
    );
}

/** Every mode as fast as it goes, to one reader and to the most; quick: the plainest and the best alone. */
export function modeCells(options: ScenarioOptions, { engine }: Base): readonly AskedCell[] {
  const { ticks, quick } = options;
  const rate = drivenRate(options);
  return formatsOf(options).flatMap((format) =>
    endsOf(ticks.readers).flatMap((readers) =>
      (quick ? endsOfModes(ticks.modes) : ticks.modes).map((mode) => ({
        part: 'modes' as const,
        setup: setupOf({ engine, rate, format, mode, readers }),
      })),
    ),
  );
}

/** A source that reuses ticks beside one that does not. */
export function sourceCells(
  { ticks }: ScenarioOptions,
  { engine, requiredRate }: Base,
): readonly AskedCell[] {
  const [format = 'json'] = ticks.formats;
  return (['unique', 'cached-1ms'] as const).map((source) => ({
    part: 'sources',
    setup: setupOf({ engine, rate: requiredRate, format, source }),
  }));
}

/** The same feed to every kind of reader. */
export function kindCells({ ticks }: ScenarioOptions, { engine, requiredRate }: Base): readonly AskedCell[] {
  const [format = 'json'] = ticks.formats;
  return ticks.kinds.map((reader) => ({
    part: 'kinds',
    setup: setupOf({ engine, rate: requiredRate, format, reader }),
  }));
}

/** The plainest and the best mode to as many readers: all read, or all but one stop. */
export function slowCells(options: ScenarioOptions, { engine, requiredRate }: Base): readonly AskedCell[] {
  const { ticks, slowReaders } = options;
  if (slowReaders === 0) return [];
  const [format = 'json'] = ticks.formats;
  const readers = HEALTHY_READERS + slowReaders;
  return endsOfModes(ticks.modes).flatMap((mode) =>
    [0, slowReaders].map((slow) => ({
      part: 'slow' as const,
      setup: setupOf({
        engine,
        rate: requiredRate,
        format,
        mode,
        // Each connection costs the others something by itself, whether it is read or not.
        readers,
        slowReaders: slow,
      }),
    })),
  );
}

/** The target rate in each format to one reader, and a rate that all must sustain to the most; quick: one cell. */
export function engineCells(options: ScenarioOptions, { engine, requiredRate }: Base): readonly AskedCell[] {
  const { ticks, quick } = options;
  const most = Math.max(...ticks.readers);
  const to = (rate: number, format: TickFormat, readers: number) => ({
    part: 'engines' as const,
    setup: setupOf({ engine, rate, format, readers }),
  });
  return formatsOf(options).flatMap((format) => [
    to(drivenRate(options), format, 1),
    ...(most === 1 || quick ? [] : [to(requiredRate, format, most)]),
  ]);
}

/** Where time is short, one says what there is to say. */
function formatsOf({ ticks, quick }: ScenarioOptions): readonly TickFormat[] {
  return quick ? ticks.formats.slice(0, 1) : ticks.formats;
}

/** The least and the most. */
function endsOf(readers: readonly number[]): readonly number[] {
  return [...new Set([Math.min(...readers), Math.max(...readers)])];
}

/** The plainest and the best, of those that are wanted. */
function endsOfModes(modes: readonly FanOutMode[]): readonly FanOutMode[] {
  return (['naive', 'coalesced'] as const).filter((mode) => modes.includes(mode));
}
