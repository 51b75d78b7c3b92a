/** The result on stdout: the verdict sentence first, then checks, tiers, paths and the command that repeats it. */

import type { RunAnalysis, TierAnalysis } from '../analysis/tier-analysis.ts';
import type { RunRecord } from '../record/run-record.ts';
import {
  formatBytes,
  formatConnections,
  formatCores,
  formatCount,
  formatMs,
  formatQuantity,
  formatRate,
} from '../verdict/quantities.ts';
import { formatLimit, THRESHOLD_NAMES } from '../verdict/thresholds.ts';
import { type Check, isKneeUnknown, type Verdict } from '../verdict/verdict.ts';

/** Where the run was written. */
export interface WrittenFiles {
  readonly runFile: string;
  readonly reportFile: string;
  readonly htmlFile: string;
}

export interface Finished {
  readonly record: RunRecord;
  readonly analysis: RunAnalysis;
  readonly verdict: Verdict;
  readonly files: WrittenFiles;
}

/** Text for people. */
export function verdictText(finished: Finished): string {
  const { record, analysis, verdict, files } = finished;
  const blocks = [
    [verdict.sentence, ...noteLines(record)].join('\n'),
    table([['check', 'observed', 'limit', 'verdict'], ...verdict.checks.map(checkRow)]),
    ...whyLines(verdict),
  ];
  if (analysis.tiers.length > 0) {
    blocks.push(table([TIER_HEAD, ...analysis.tiers.map(tierRow)]));
    blocks.push(limitLines(verdict));
  }
  blocks.push(
    table([
      ['report', files.htmlFile],
      ['', files.reportFile],
      ['data', files.runFile],
      ['repeat', record.command],
    ]),
  );
  return blocks.join('\n\n');
}

/** The one object that `--json` prints. */
export function verdictJson({ record, verdict, files }: Finished): string {
  return JSON.stringify({
    scenario: record.scenario,
    verdict: verdict.verdict,
    checks: verdict.checks.map(({ name, threshold, observed, unit, verdict: word }) => ({
      name,
      threshold,
      observed,
      unit,
      verdict: word,
    })),
    runFile: files.runFile,
    reportFile: files.reportFile,
    htmlFile: files.htmlFile,
  });
}

/** What must not be overlooked: faults, changed settings, an early end. */
function noteLines(record: RunRecord): readonly string[] {
  const lines = record.faults.map((fault) => `Fault switched on: ${fault}. A passing run would be wrong.`);
  const { outcome } = record;
  if (outcome.state === 'interrupted') lines.push(`Ended early: ${outcome.message}.`);
  if (outcome.state === 'aborted') lines.push(`Ended early, ${outcome.code}: ${outcome.message}.`);
  for (const { name, value, why } of record.overrides) lines.push(`Server setting ${name}=${value}: ${why}.`);
  return lines;
}

function checkRow(check: Check): readonly string[] {
  const where = check.tier === undefined ? '' : ` (${formatConnections(check.tier)})`;
  return [
    check.name,
    `${formatQuantity(check.observed, check.unit)}${where}`,
    limitText(check),
    check.verdict,
  ];
}

function limitText({ name, threshold, unit }: Check): string {
  const known = THRESHOLD_NAMES.find((candidate) => candidate === name);
  return known === undefined ? formatQuantity(threshold, unit) : formatLimit(known, threshold);
}

/** Why a check did not pass, where it can say: the table has no room for sentences. */
function whyLines({ checks }: Verdict): readonly string[] {
  const lines = checks.flatMap(({ name, verdict, detail }) =>
    detail === undefined || verdict === 'pass' ? [] : [`${name}: ${detail}`],
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** How far everything held, and what gave way first. */
function limitLines(verdict: Verdict): string {
  const { knee, limitedBy } = verdict;
  const none = isKneeUnknown(verdict)
    ? 'not known, no tier was measured to its end'
    : 'none, the smallest tier already breaks a limit';
  const held = knee === null ? none : `${formatConnections(knee)}, the last tier that holds every limit`;
  return `Knee: ${held}.\nWhat limited the run: ${limitedBy.sentence}.`;
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

/** Columns as wide as their widest cell, two spaces apart. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
