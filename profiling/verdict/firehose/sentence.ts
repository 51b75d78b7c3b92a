/** The verdict as one sentence that a stranger understands. */

import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { Decision } from '../decision.ts';
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
import type { Check } from '../verdict.ts';
import { doubtedLoad, sentenceOf } from '../verdict-sentence.ts';
import type { FirehoseContext, FormatSearch, JudgedCell } from './firehose-context.ts';

export function verdictSentence(decision: Decision, context: FirehoseContext): string {
  return sentenceOf(decision, {
    passed: () => passed(context),
    failed: (first) => failed(first, context),
    doubted: doubtedLoad,
  });
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
