/** What was run, in sentences that need no knowledge of the tool. */

import type { HttpAnalysis } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { formatConnections, formatMs } from '../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../format.ts';
import type { Section } from '../report-document.ts';
import { targetText } from '../sections/target.ts';

export function whatWasRunSection(record: HttpRecord, { endpoints }: HttpAnalysis): Section {
  const { measureMs, warmUpMs } = record.options;
  const long = (ms: unknown): string => (typeof ms === 'number' ? formatDuration(ms) : 'n/a');
  const version = record.environment.dependencies['autocannon'];
  const cannon = version === undefined ? 'autocannon' : `autocannon ${version}`;
  const text =
    endpoints.length === 0
      ? 'Nothing was measured.'
      : `${formatPlural(endpoints.length, 'endpoint')}, one after the other: ${cannon}, in a process of its own, asked each over ${formatConnections(record.connections)} for ${long(measureMs)} after ${long(warmUpMs)} of warm-up. Each connection had one request under way and sent the next when it was answered (closed model, no rate); an answer later than ${formatMs(record.timeoutMs)} counts as timed out. As a load ended, every connection waited for its last answer, so that both ends can be counted against each other.`;
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: targetText(record) },
      { kind: 'paragraph', text },
      {
        kind: 'paragraph',
        text: 'Times are taken in microseconds from the events of autocannon’s connections, and each request is accounted for. autocannon’s own figures, in whole milliseconds and with warm-up, stand under Validity. Its option for rates is not used: it sends a second’s requests in one burst, and corrects latencies as if one had been due every millisecond.',
      },
    ],
  };
}
