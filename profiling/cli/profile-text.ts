/** What `npm run profile` prints: each run as it ends, then what they say together. Pure. */

import type { Summary, SummaryRun } from '../report/summary/summary.ts';
import type { VerdictWord } from '../verdict/verdict.ts';
import { checkTextRow, table, type VerdictJson } from './verdict-text.ts';

/** The verdict in a sentence, and the checks that did not pass. */
export function runText(run: SummaryRun): string {
  if (run.state === 'broken') return `${run.scenario}: could not be measured, ${run.code}: ${run.message}`;
  const { verdict } = run.judged;
  const open = verdict.checks.filter((check) => check.verdict === 'fail' || check.verdict === 'inconclusive');
  const rows = open.map((check) => [...checkTextRow(check), check.detail ?? '']);
  return [`${run.scenario}: ${verdict.sentence}`, ...(rows.length === 0 ? [] : [indent(table(rows))])].join(
    '\n',
  );
}

/** Where the summary was written, and how to repeat it. */
export interface SummaryPlace {
  readonly reportFile: string;
  readonly htmlFile: string;
  readonly command: string;
}

/** The verdict, what an engineer looks for first, what to fix and what to do next. */
export function summaryText(summary: Summary, { reportFile, htmlFile, command }: SummaryPlace): string {
  const { sentence, keyFindings, repairs, nextStep } = summary;
  const blocks = [sentence];
  if (keyFindings.length > 0) {
    const lines = keyFindings.map(({ question, answer }) => `${question}: ${answer}`);
    blocks.push(`Key findings\n${indent(lines.join('\n'))}`);
  }
  if (repairs.length > 0) {
    const lines = repairs.map(({ finding }) => `${finding.where}: ${finding.title}`);
    blocks.push(`Code to fix\n${indent(lines.join('\n'))}`);
  }
  blocks.push(`Next step\n${indent([nextStep.text, nextStep.command ?? ''].join('\n').trimEnd())}`);
  blocks.push(
    table([
      ['summary', htmlFile],
      ['', reportFile],
      ['repeat', command],
    ]),
  );
  return blocks.join('\n\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** The one object that `--json` prints for `profile`. */
export interface ProfileJson {
  readonly scenario: 'profile';
  readonly verdict: VerdictWord;
  readonly checks: readonly (VerdictJson['checks'][number] & { readonly scenario: string })[];
  readonly runs: readonly VerdictJson[];
  /** Scenarios that could not be measured. */
  readonly errors: readonly { readonly scenario: string; readonly code: string; readonly message: string }[];
  /** SUMMARY.md */
  readonly reportFile: string;
}

export function profileJson(summary: Summary, runs: readonly VerdictJson[], reportFile: string): ProfileJson {
  return {
    scenario: 'profile',
    verdict: summary.verdict,
    checks: runs.flatMap(({ scenario, checks }) => checks.map((check) => ({ scenario, ...check }))),
    runs,
    errors: summary.runs.flatMap((run) =>
      run.state === 'broken' ? [{ scenario: run.scenario, code: run.code, message: run.message }] : [],
    ),
    reportFile,
  };
}
