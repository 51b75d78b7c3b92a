/** Takes the families that are wanted out of another process's `/metrics`, and nothing else. */

import type { Labels, MetricSample } from '../metric-samples.ts';

/** Samples by family, as the server's own are. */
export type FamilySamples = Readonly<Partial<Record<string, readonly MetricSample[]>>>;

const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? ([^ ]+)/s;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/gs;
const PART = /^(.+)_(bucket|sum|count)$/;
const SPECIAL_VALUES: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };

/**
 * A line that is not wanted is not looked at; one that cannot be read is left out, which the page shows as a gap.
 *
 * @param wanted names of families
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readExposition(text: string, wanted: ReadonlySet<string>): FamilySamples {
  const families: Record<string, MetricSample[]> = {};
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = SAMPLE.exec(line);
    if (match === null) continue;
    const [, name = '', labels = '', valueText = ''] = match;
    const [, stem = '', part] = PART.exec(name) ?? [];
    const isPart = wanted.has(stem);
    const family = isPart ? stem : name;
    const value = SPECIAL_VALUES[valueText] ?? Number(valueText);
    if (!wanted.has(family) || Number.isNaN(value)) continue;
    const sample = { labels: readLabels(labels), value };
    families[family] ??= [];
    families[family].push(isPart ? { ...sample, part: part as 'bucket' | 'sum' | 'count' } : sample);
  }
  return families;
}

function readLabels(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const [, name = '', escaped = ''] of text.matchAll(LABEL)) {
    labels[name] = escaped.replaceAll(/\\(.)/gs, (_, character: string) =>
      character === 'n' ? '\n' : character,
    );
  }
  return labels;
}
