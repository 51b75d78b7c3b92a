/** A broadcast run, judged and put into words. */

import { analyseBroadcast } from '../../analysis/broadcast/analyse-broadcast.ts';
import type { BroadcastAnalysis, StepAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { BroadcastRecord } from '../../record/broadcast-record.ts';
import type { BroadcastVerdict } from '../../verdict/broadcast/broadcast-verdict.ts';
import { whatBecameOfThem } from '../../verdict/broadcast/findings/slow-readers.ts';
import { judgeBroadcast } from '../../verdict/broadcast/judge-broadcast.ts';
import { formatAskedRate, formatCores, formatCount, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { breachNotes } from '../sections/breaches.ts';
import { broadcastReport, namedLoads } from './broadcast-report.ts';
import { JUDGEMENT_WORDS } from './rate-tables.ts';
import { judgedStepOf, sustainedText } from './rates.ts';

export function judgedBroadcast(record: BroadcastRecord): JudgedRun {
  const analysis = analyseBroadcast(record);
  const verdict = judgeBroadcast(record, analysis);
  const { steps } = analysis;
  return {
    record,
    verdict,
    report: broadcastReport({ record, analysis, verdict }),
    highlights: highlights(analysis, verdict),
    tables:
      steps.length === 0
        ? []
        : [[STEP_HEAD, ...steps.map((step, index) => stepRow(step, verdict.steps[index]?.judgement))]],
    notes: steps.length === 0 ? [] : [...notes(analysis, verdict), ...breachNotes(...namedLoads(analysis))],
  };
}

function highlights(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): readonly Highlight[] {
  const judged = judgedStepOf(analysis, verdict);
  if (judged === null) return [];
  const { delivery, deliveries, server } = judged.tier;
  return [
    {
      question: `Broadcasts a second to ${formatCount(analysis.connections)} members`,
      answer: `${sustainedText(verdict)}; ${verdict.limitedBy.sentence}`,
    },
    {
      question: `At ${formatAskedRate(judged.rate)} broadcasts/s`,
      answer: `${formatRate(deliveries.achievedPerSecond)} deliveries, p50 ${formatMs(delivery.p50Ms)}, p99 ${formatMs(delivery.p99Ms)}, the last member typically ${formatMs(judged.fanOut?.spread.p50Ms ?? null)} after the first, ${formatCores(server.cpuCores)} of server CPU`,
    },
    ...closedHighlight(analysis),
    ...slowReaderHighlight(verdict),
  ];
}

function closedHighlight({ closed }: BroadcastAnalysis): readonly Highlight[] {
  if (closed === null) return [];
  const { requestsPerSecond, deliveriesPerSecond, publishLatency } = closed;
  return [
    {
      question: `As fast as ${formatCount(closed.publishers)} publishers are answered (closed)`,
      answer: `${formatRate(requestsPerSecond)} requests, ${formatRate(deliveriesPerSecond)} deliveries, POST p99 ${formatMs(publishLatency.p99Ms)}`,
    },
  ];
}

function slowReaderHighlight({ slowReaders: compared }: BroadcastVerdict): readonly Highlight[] {
  if (compared === null) return [];
  const { withSlow, conclusion } = compared;
  return [
    {
      question: 'What a reader that stopped does to the others',
      answer: `${conclusion} ${whatBecameOfThem(withSlow)}`,
    },
  ];
}

/** How far everything held, what gave way, and what the other parts showed. */
function notes(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): readonly string[] {
  const { sustainedRate, limitedBy } = verdict;
  const held =
    sustainedRate === null
      ? sustainedText(verdict)
      : `${formatAskedRate(sustainedRate)} broadcasts/s, the highest rate that held every limit`;
  const further = [...closedHighlight(analysis), ...slowReaderHighlight(verdict)];
  return [
    `Sustained: ${held}.`,
    `What limited the run: ${limitedBy.sentence}.`,
    ...further.map(({ question, answer }) => `${question}: ${answer}${answer.endsWith('.') ? '' : '.'}`),
  ];
}

const STEP_HEAD = [
  'broadcasts',
  'step',
  'deliveries',
  'p50',
  'p95',
  'p99',
  'first',
  'median',
  'last',
  'lost',
  'CPU',
  'judged',
];

function stepRow(
  { rate, kind, tier, fanOut }: StepAnalysis,
  judgement: BroadcastVerdict['steps'][number]['judgement'] = 'doubtful',
): readonly string[] {
  const { delivery, deliveries, ledger, server } = tier;
  return [
    formatRate(rate),
    kind,
    formatRate(deliveries.achievedPerSecond),
    formatMs(delivery.p50Ms),
    formatMs(delivery.p95Ms),
    formatMs(delivery.p99Ms),
    formatMs(fanOut?.first.p50Ms ?? null),
    formatMs(fanOut?.median.p50Ms ?? null),
    formatMs(fanOut?.last.p50Ms ?? null),
    formatCount(ledger.lost),
    formatCores(server.cpuCores),
    JUDGEMENT_WORDS[judgement][0],
  ];
}
