/** The result on stdout: the verdict sentence first (before it a tool that the server ran under), then checks, tiers, paths and the command that repeats it. */

import type { RunEnvelope } from '../record/run-envelope.ts';
import type { JudgedRun } from '../report/judged-run.ts';
import { toolWords } from '../report/run-head.ts';
import { checkLimit } from '../verdict/check-limit.ts';
import { formatConnections, formatQuantity } from '../verdict/quantities.ts';
import type { Check, Verdict, VerdictWord } from '../verdict/verdict.ts';

/** Where the run was written. */
export interface WrittenFiles {
  readonly runFile: string;
  readonly reportFile: string;
  readonly htmlFile: string;
}

/** Text for people. */
export function verdictText({ record, verdict, tables, notes }: JudgedRun, files: WrittenFiles): string {
  const blocks = [
    [
      ...toolWords(record),
      verdict.sentence,
      ...detailLines(verdict),
      ...noteLines(record, verdict.verdict),
    ].join('\n'),
    table([['check', 'observed', 'limit', 'verdict'], ...verdict.checks.map(checkTextRow)]),
    ...whyLines(verdict),
    ...tables.map(table),
  ];
  if (notes.length > 0) blocks.push(notes.join('\n'));
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

/** The one object that `--json` prints for a scenario. */
export interface VerdictJson extends WrittenFiles {
  readonly scenario: string;
  readonly verdict: VerdictWord;
  readonly checks: readonly Pick<Check, 'name' | 'threshold' | 'observed' | 'unit' | 'verdict'>[];
}

export function verdictJson({ record, verdict }: JudgedRun, files: WrittenFiles): VerdictJson {
  return {
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
  };
}

/** Indented under the sentence. */
function detailLines({ details = [] }: Verdict): readonly string[] {
  if (details.length === 0) return [];
  return ['', ...table(details.map(({ label, text }) => [`  ${label}`, text])).split('\n'), ''];
}

/** What must not be overlooked: faults, changed settings, an early end. */
function noteLines(record: RunEnvelope, word: VerdictWord): readonly string[] {
  // Not every scenario judges what a fault does, and a short run may give it nothing to harm.
  const control = word === 'pass' ? 'It broke no limit of this scenario.' : 'This run is a positive control.';
  const lines = record.faults.map((fault) => `Fault switched on: ${fault}. ${control}`);
  const { outcome } = record;
  if (outcome.state === 'interrupted') lines.push(`Ended early: ${outcome.message}.`);
  if (outcome.state === 'aborted') lines.push(`Ended early, ${outcome.code}: ${outcome.message}.`);
  for (const { name, value, why } of record.overrides) lines.push(`Server setting ${name}=${value}: ${why}.`);
  return lines;
}

/** Name, observed, limit, verdict. */
export function checkTextRow(check: Check): readonly string[] {
  const where = check.tier === undefined ? '' : ` (${formatConnections(check.tier)})`;
  return [
    check.name,
    `${formatQuantity(check.observed, check.unit)}${where}`,
    checkLimit(check),
    check.verdict,
  ];
}

/** Why a check did not pass, where it can say: the table has no room for sentences. */
function whyLines({ checks }: Verdict): readonly string[] {
  const lines = checks.flatMap(({ name, verdict, detail }) =>
    detail === undefined || verdict === 'pass' ? [] : [`${name}: ${detail}`],
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** Columns as wide as their widest cell, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
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
