/** Reads the page of a target: every sample of it, in order. */

import { type PrometheusSample, parsePrometheusSample } from '../../server/protocol/prometheus-sample.ts';

/** A page that cannot be read whole is not used: a part of it would be silent loss. */
export type ParsedMetrics =
  | { readonly ok: true; readonly samples: readonly PrometheusSample[] }
  | { readonly ok: false; readonly line: number; readonly text: string };

/** @returns every sample, or the first line that is none; blank lines, `# HELP` and `# TYPE` are skipped */
export function parsePrometheusText(text: string): ParsedMetrics {
  const samples: PrometheusSample[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const sample = parsePrometheusSample(content);
    if (sample === undefined) return { ok: false, line: index + 1, text: content };
    samples.push(sample);
  }
  return { ok: true, samples };
}
