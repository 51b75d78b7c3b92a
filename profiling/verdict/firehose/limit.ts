/** What kept a cell, and the search, from more: named from the evidence, most certain first. */

import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import { formatCores, formatList, formatQuantity, formatRate } from '../quantities.ts';
import { formatLimit, type Limits, THRESHOLDS } from '../thresholds.ts';
import type { Limit, ValidityCode } from '../verdict.ts';
import { brokenInCell, cellFigure } from './cell-limits.ts';
import type { FirehoseContext, FormatSearch, JudgedCell } from './firehose-context.ts';

/** One JavaScript thread has one core; at nine tenths of it queues grow faster than they drain. */
const FULL_CORE_RATIO = 0.9;

const KINDS: Partial<Record<ValidityCode, Limit['kind']>> = {
  'generator-cpu': 'generator',
  'generator-loop': 'generator',
  'machine-cpu': 'machine',
  'other-load': 'machine',
};

/** `none` where the cell held everything on a healthy rig. */
export function limitOfCell(cell: JudgedCell, limits: Limits): Limit {
  const broken = brokenInCell(cell, limits);
  const [doubt] = cell.problems;
  if (broken.length === 0) {
    return doubt === undefined || doubt.code === 'other-load'
      ? { kind: 'none', sentence: 'held everything' }
      : { kind: KINDS[doubt.code] ?? 'none', sentence: doubt.sentence };
  }
  const said = broken.map(
    (name) =>
      `${THRESHOLDS[name].title.toLowerCase()} ${formatQuantity(cellFigure(name, cell), THRESHOLDS[name].unit)} (limit ${formatLimit(name, limits[name])})`,
  );
  const server = serverLimit(cell);
  const rig = cell.judgement === 'doubtful' ? doubt : undefined;
  const parts = [
    ...(server === null ? [] : [server.sentence]),
    `${said.length === 1 ? 'a limit' : 'limits'} broke: ${formatList(said)}`,
    ...(doubt === undefined ? [] : [`and the rig was doubtful: ${doubt.sentence}`]),
  ];
  const kind = (rig === undefined ? undefined : KINDS[rig.code]) ?? server?.kind ?? 'threshold';
  return { kind, sentence: parts.join('; ') };
}

/** Above 10,000/s the feed's loop never waits, so that its utilisation says nothing; its CPU time still does. */
function serverLimit({ server: { cpuCores } }: JudgedCell): Limit | null {
  if (cpuCores === null || cpuCores < FULL_CORE_RATIO) return null;
  return {
    kind: 'server-core',
    sentence: `the server's core was full (${formatCores(cpuCores)} used)`,
  };
}

/** The limit of the lowest rate that did not hold. */
export function limitOfSearch(
  { steps, ceiling, format }: FormatSearch,
  { record, limits }: FirehoseContext,
): Limit {
  const word = FORMAT_WORDS[format];
  const stopped = steps.filter(({ setup }) => setup.rate === ceiling?.rate).at(-1);
  if (stopped !== undefined && stopped.state !== 'completed' && record.outcome.state !== 'completed') {
    return { kind: 'none', sentence: `the run ended early: ${record.outcome.message}` };
  }
  if (stopped !== undefined && ceiling !== null) {
    const { kind, sentence } = limitOfCell(stopped, limits);
    const rig = ceiling.judgement === 'doubtful' ? 'the rig was the limit: ' : '';
    return { kind, sentence: `at ${formatRate(ceiling.rate)} ${word} ${rig}${sentence}` };
  }
  const highest = Math.max(0, ...steps.map(({ setup }) => setup.rate));
  if (highest === 0) return { kind: 'none', sentence: 'no rate was measured' };
  return { kind: 'none', sentence: `nothing gave way up to ${formatRate(highest)} ${word}` };
}

/** Of the format that goes less far. */
export function limitOfRun(context: FirehoseContext): Limit {
  const [first] = [...context.searches].sort((a, b) => (a.sustained ?? 0) - (b.sustained ?? 0));
  if (first === undefined) return { kind: 'none', sentence: 'no rate was searched for' };
  return limitOfSearch(first, context);
}
