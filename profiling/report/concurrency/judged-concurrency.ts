/** A concurrency run, judged and put into words. */

import { analyseConcurrency } from '../../analysis/concurrency/analyse-concurrency.ts';
import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { type ConcurrencyVerdict, isKneeUnknown } from '../../verdict/concurrency/concurrency-verdict.ts';
import { judgeConcurrency } from '../../verdict/concurrency/judge-concurrency.ts';
import {
  formatBytes,
  formatConnections,
  formatCores,
  formatCount,
  formatMs,
  formatRate,
} from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { breachNotes } from '../sections/breaches.ts';
import { concurrencyReport, nameTier } from './concurrency-report.ts';

export function judgedConcurrency(record: ConcurrencyRecord): JudgedRun {
  const analysis = analyseConcurrency(record);
  const verdict = judgeConcurrency(record, analysis);
  const measured = analysis.tiers.length > 0;
  return {
    record,
    verdict,
    report: concurrencyReport({ record, analysis, verdict }),
    highlights: highlights(analysis, verdict),
    tables: measured ? [[TIER_HEAD, ...analysis.tiers.map(tierRow)]] : [],
    notes: measured ? [...limitLines(verdict), ...breachNotes(analysis.tiers, nameTier)] : [],
  };
}

function highlights(analysis: ConcurrencyAnalysis, verdict: ConcurrencyVerdict): readonly Highlight[] {
  const largest = analysis.tiers.at(-1);
  if (largest === undefined) return [];
  const held = verdict.knee === null ? 'none that was measured' : formatCount(verdict.knee);
  const judged = analysis.tiers.filter((tier) => tier.connections <= verdict.judgedUpTo).at(-1) ?? largest;
  const memory = verdict.checks.find((check) => check.name === 'rss-per-connection')?.observed ?? null;
  return [
    {
      question: 'Connections before degradation',
      answer: `${held}; ${verdict.limitedBy.sentence}`,
    },
    {
      question: `At ${formatConnections(judged.connected)}`,
      answer: `delivery p50 ${formatMs(judged.delivery.p50Ms)}, p99 ${formatMs(judged.delivery.p99Ms)}, ${formatRate(judged.deliveries.achievedPerSecond)} deliveries, ${formatCores(judged.server.cpuCores)} of server CPU, ${formatBytes(memory)} a connection`,
    },
  ];
}

/** How far everything held, and what gave way first. */
function limitLines(verdict: ConcurrencyVerdict): readonly string[] {
  const { knee, limitedBy } = verdict;
  const none = isKneeUnknown(verdict)
    ? 'not known, no tier was measured to its end'
    : 'none, the smallest tier already breaks a limit';
  const held = knee === null ? none : `${formatConnections(knee)}, the last tier that holds every limit`;
  return [`Knee: ${held}.`, `What limited the run: ${limitedBy.sentence}.`];
}

const TIER_HEAD = [
  'connections',
  'up in',
  'messages',
  'p50',
  'p95',
  'p99',
  'max',
  'lost',
  'CPU',
  'RSS',
  'loop p99',
];

function tierRow(tier: TierAnalysis): readonly string[] {
  const { delivery, deliveries, ledger, server, memory } = tier;
  return [
    `${formatCount(tier.connected)}/${formatCount(tier.attempted)}`,
    formatMs(tier.establishMs),
    formatRate(deliveries.achievedPerSecond),
    formatMs(delivery.p50Ms),
    formatMs(delivery.p95Ms),
    formatMs(delivery.p99Ms),
    formatMs(delivery.maxMs),
    formatCount(ledger.lost),
    formatCores(server.cpuCores),
    formatBytes(memory?.rssBytes ?? null),
    formatMs(server.window.loopDelayP99Ms),
  ];
}
