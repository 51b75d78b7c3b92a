/** The table of checks: the first thing after the verdict. */

import { formatQuantity } from '../../verdict/quantities.ts';
import { formatLimit, isThresholdName } from '../../verdict/thresholds.ts';
import type { Check, Verdict } from '../../verdict/verdict.ts';
import { type Cell, type Column, cell, type Section, type Tone } from '../report-document.ts';

const WORDS: Readonly<Record<Check['verdict'], readonly [word: string, tone: Tone]>> = {
  pass: ['pass', 'good'],
  fail: ['FAIL', 'bad'],
  inconclusive: ['inconclusive', 'doubtful'],
  'n/a': ['n/a', 'muted'],
};

/** Of a table of checks. */
export const CHECK_COLUMNS: readonly Column[] = [
  { title: 'Check' },
  { title: 'Limit', align: 'right' },
  { title: 'Observed', align: 'right' },
  { title: 'Verdict' },
  { title: 'Where and why' },
];

export function checksSection(verdict: Verdict): Section {
  return {
    id: 'checks',
    title: 'Checks',
    blocks: [
      {
        kind: 'table',
        columns: CHECK_COLUMNS,
        rows: verdict.checks.map(checkRow),
      },
    ],
  };
}

export function checkRow(check: Check): readonly Cell[] {
  const [word, tone] = WORDS[check.verdict];
  const limit = isThresholdName(check.name)
    ? formatLimit(check.name, check.threshold)
    : String(check.threshold);
  const at = check.tier === undefined ? '' : `at ${check.tier.toLocaleString('en-US')} connections`;
  // A detail that names the tier itself needs no "at" before it.
  const where = check.detail === undefined ? at : detailWithTier(check.detail, at);
  return [
    cell(check.title),
    cell(limit),
    cell(formatQuantity(check.observed, check.unit), tone === 'good' ? undefined : tone),
    cell(word, tone),
    cell(where),
  ];
}

function detailWithTier(detail: string, at: string): string {
  return at === '' || detail.includes(at) || detail.startsWith('at ') ? detail : `${at}; ${detail}`;
}
