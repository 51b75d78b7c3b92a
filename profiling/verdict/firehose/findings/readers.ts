/** Which readers do not keep up with a rate that the server makes. */

import { formatList, formatMs, formatPercent, formatRate } from '../../quantities.ts';
import { holds } from '../../thresholds.ts';
import type { Finding } from '../../verdict.ts';
import type { FirehoseContext, JudgedCell } from '../firehose-context.ts';

export function readerFindings({ cells, limits }: FirehoseContext): readonly Finding[] {
  const kinds = cells.filter(({ part }) => part === 'kinds');
  const behind = kinds.filter(({ deliveredRatio }) => !holds('delivered-ratio', deliveredRatio, limits));
  if (behind.length === 0) return [];
  return [
    {
      title: `${formatList(behind.map(({ setup }) => setup.reader))} ${behind.length === 1 ? 'does' : 'do'} not keep up`,
      seen: `${formatList(behind.map(readerText))}.`,
      where: 'the reader: what it does with each message, on the one thread that also has to read',
      todo: 'Render once a frame instead of once a message, read in batches, and let the server conflate what cannot be shown anyway.',
    },
  ];
}

function readerText({ setup, rates, deliveredRatio, latency }: JudgedCell): string {
  return `${setup.reader} got ${formatRate(rates.received)} of ${formatRate(rates.asked)} (${formatPercent(deliveredRatio)}), p99 ${formatMs(latency.p99Ms)}`;
}
