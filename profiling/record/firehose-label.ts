/** What a cell is called: what sets it apart from one lean reader of unique, coalesced ticks on the first engine. */

import type { FirehoseCell, TickFormat, TickSetup } from './firehose-record.ts';

export const FORMAT_WORDS: Readonly<Record<TickFormat, string>> = { json: 'JSON', binary: 'binary' };

/** `1,000,000/s JSON to 10 lean, naive`. */
export function setupLabel(setup: TickSetup): string {
  const { engine, format, mode, source, rate, reader, readers, slowReaders } = setup;
  const many = readers === 1 ? '' : ` to ${readers.toLocaleString('en-US')}`;
  const notes = [
    ...(engine === 'ws' || engine === 'unknown' ? [] : [engine]),
    ...(mode === 'coalesced' ? [] : [mode]),
    ...(source === 'unique' ? [] : [source]),
    ...(reader === 'lean' ? [] : [`${reader} reader`]),
    ...(slowReaders === 0 ? [] : [`${slowReaders} stopped`]),
  ];
  return [`${askedText(rate)} ${FORMAT_WORDS[format]}${many}`, ...notes].join(', ');
}

/** Cells of one name are told apart. */
export function cellLabel(cells: readonly FirehoseCell[], index: number): string {
  const cell = cells[index];
  if (cell === undefined) return '';
  const label = setupLabel(cell.setup);
  const kind = cell.kind ?? '';
  const before = cells
    .slice(0, index)
    .some((other) => (other.kind ?? '') === kind && setupLabel(other.setup) === label);
  const notes = [...(kind === 'confirmation' ? [kind] : []), ...(before ? ['again'] : [])];
  return notes.length === 0 ? label : `${label} (${notes.join(', ')})`;
}

function askedText(rate: number): string {
  return `${rate.toLocaleString('en-US', { maximumSignificantDigits: 6 })}/s`;
}
