/** The verdict as one sentence that a stranger understands. */

import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import {
  formatAskedRate,
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatPercent,
  formatQuantity,
  formatRate,
} from '../quantities.ts';
import { formatLimit, type ThresholdName } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { FirehoseContext, FormatSearch, JudgedCell } from './firehose-context.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** @param deciding the checks that made the verdict; the first one is told, the others are counted */
export function verdictSentence(
  verdict: VerdictWord,
  deciding: readonly Check[],
  context: FirehoseContext,
): string {
  if (verdict === 'pass') return `Pass: ${passed(context)}.`;
  const [first] = deciding;
  const others = deciding.length - 1;
  const more = others < 1 ? '' : `; ${others} more ${others === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
  if (verdict === 'fail') return first === undefined ? 'Fail.' : `Fail: ${failed(first, context)}${more}.`;
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  return `Inconclusive: ${doubted(first, others < 1)}${more}.`;
}

function passed({ searches, cells }: FirehoseContext): string {
  const held = searches.flatMap(({ format, sustained, judged }) =>
    sustained === null || judged === null ? [] : [{ format, sustained, judged }],
  );
  if (held.length === 0) return benchmarked(cells);
  const rates = held.map(
    ({ format, sustained }) => `${formatAskedRate(sustained)} in ${FORMAT_WORDS[format]}`,
  );
  const worst = held.map(({ judged }) => judged).sort((a, b) => a.deliveredRatio - b.deliveredRatio)[0];
  const p99 = Math.max(...held.map(({ judged }) => judged.latency.p99Ms ?? 0));
  const cores = Math.max(...held.map(({ judged }) => judged.server.cpuCores ?? 0));
  const parts = [
    `${formatPercent(worst?.deliveredRatio ?? null)} delivered`,
    `99 % of ticks within ${formatMs(p99)}`,
    ...(cores === 0 ? [] : [`${formatCores(cores)} of server CPU`]),
  ];
  return `the server sustained ${formatList(rates)} ticks/s to one reader that checks every tick, and none was lost, doubled, out of order or shared its time: ${parts.join(', ')}`;
}

function benchmarked(cells: readonly JudgedCell[]): string {
  const said = cells.map(
    ({ setup, rates, deliveredRatio }) =>
      `${setup.reader} got ${formatRate(rates.received)} (${formatPercent(deliveredRatio)}) of ${formatRate(rates.asked)} ${FORMAT_WORDS[setup.format]} on ${setup.engine}`,
  );
  return said.length === 0 ? 'every check held' : `${formatList(said)}; every tick is accounted for`;
}

function failed(check: Check, { searches, requiredRate }: FirehoseContext): string {
  const seen = formatQuantity(check.observed, check.unit);
  const where = check.detail ?? '';
  switch (check.name) {
    case 'not-connected':
      return `${seen} readers were never connected (${where})`;
    case 'errors':
      return `${seen} errors (${where})`;
    case 'lost':
      return `${seen} ticks were lost (${where})`;
    case 'duplicated':
      return `${seen} ticks arrived more than once (${where})`;
    case 'out-of-order':
      return `${seen} ticks arrived out of order (${where})`;
    case 'shared-timestamps':
      return `${seen} ticks shared the time of another (${where})`;
    case 'sustained-tick-rate':
      return `${searches.map(heldText).join('; ')} (${formatRate(requiredRate)} is asked for)`;
    case 'delivered-ratio':
      return `only ${seen} of the ticks were delivered ${where} (limit ${formatLimit('delivered-ratio', check.threshold)})`;
    default:
      return `tick latency p99 was ${seen} ${where} (limit ${formatLimit(check.name as ThresholdName, check.threshold)})`;
  }
}

function heldText({ format, sustained, ceiling }: FormatSearch): string {
  const word = FORMAT_WORDS[format];
  const held =
    sustained === null ? `no rate held in ${word}` : `${formatAskedRate(sustained)} ticks/s held in ${word}`;
  return ceiling === null ? held : `${held}, ${formatCount(ceiling.rate)} did not`;
}

/** @param alone whether no other check failed or is in doubt */
function doubted(check: Check, alone: boolean): string {
  if (check.name === 'healthy-rig') {
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  }
  if (check.name === 'completed') return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
  const rest = alone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
}
