/** Takes the families that are wanted out of another process's `/metrics`, and nothing else. */

import { parsePrometheusSample } from '../../protocol/prometheus-sample.ts';
import type { MetricSample } from '../metric-samples.ts';

/** Samples by family, as the server's own are. */
export type FamilySamples = Readonly<Partial<Record<string, readonly MetricSample[]>>>;

const NAME = /^[^ \t{]+/;
const PART = /^(.+)_(bucket|sum|count)$/;

/**
 * A line that is not wanted is not looked at; one that cannot be read is left out, which the page shows as a gap.
 *
 * @param wanted names of families
 */
export function readExposition(text: string, wanted: ReadonlySet<string>): FamilySamples {
  const families: Record<string, MetricSample[]> = {};
  for (const line of text.split('\n')) {
    const name = NAME.exec(line)?.[0] ?? '';
    const [, stem = '', part] = PART.exec(name) ?? [];
    const isPart = wanted.has(stem);
    const family = isPart ? stem : name;
    if (!wanted.has(family)) continue;
    const read = parsePrometheusSample(line);
    if (read === undefined || Number.isNaN(read.value)) continue;
    const sample = { labels: read.labels, value: read.value };
    families[family] ??= [];
    families[family].push(isPart ? { ...sample, part: part as 'bucket' | 'sum' | 'count' } : sample);
  }
  return families;
}
