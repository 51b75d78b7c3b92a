/** Whether the measurement can be trusted: the generator's health, its floor, and both ends' books side by side. */

import type { CounterCheck, RunAnalysis, TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { formatInstant } from '../format.ts';
import { type Block, type Cell, type Column, cell, type RichText, type Section } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function validitySection(record: RunRecord, analysis: RunAnalysis, verdict: Verdict): Section {
  return {
    id: 'validity',
    title: 'Validity: can it be trusted?',
    blocks: [
      problemsBlock(verdict),
      { kind: 'heading', text: 'Load generator' },
      workersTable(analysis),
      { kind: 'heading', text: 'Rate, schedule and steadiness' },
      rateTable(analysis),
      { kind: 'heading', text: 'Delivery ledger' },
      ledgerTable(analysis),
      { kind: 'heading', text: 'Counted at both ends' },
      counterTable(analysis),
      { kind: 'paragraph', tone: 'muted', text: calibrationText(record) },
    ],
  };
}

function problemsBlock({ validity }: Verdict): Block {
  const items = validity.flatMap(({ connections, problems }) =>
    problems.map(
      (problem): RichText => [
        { strong: `At ${formatCount(connections)} connections` },
        ` ${problem.sentence} (`,
        { code: problem.code },
        ')',
      ],
    ),
  );
  return items.length === 0
    ? { kind: 'paragraph', tone: 'good', text: 'Every tier was measured on a healthy rig.' }
    : { kind: 'list', items };
}

function workersTable({ tiers }: RunAnalysis): Block {
  return {
    kind: 'table',
    columns: [
      right('Tier'),
      { title: 'Process' },
      ...[
        'Clients',
        'CPU (limit 80 %)',
        'Loop p99',
        'Its limit',
        'Calibrated',
        'Deliveries',
        'Machine (limit 90 %)',
      ].map(right),
    ],
    rows: tiers.flatMap((tier) =>
      tier.workers.map((worker) => [
        cell(formatCount(tier.connections)),
        cell(worker.role === 'publisher' ? 'publisher' : `worker ${worker.worker}`),
        cell(formatCount(worker.connections)),
        cell(formatPercent(worker.cpuRatio), worker.cpuRatio > 0.8 ? 'doubtful' : undefined),
        cell(
          formatMs(worker.loopDelayP99Ms),
          worker.loopDelayP99Ms > worker.loopDelayLimitMs ? 'doubtful' : undefined,
        ),
        cell(formatMs(worker.loopDelayLimitMs)),
        cell(formatMs(worker.calibratedLoopDelayMs)),
        cell(formatRate(worker.deliveriesPerSecond)),
        cell(formatPercent(tier.machineCpuRatio), (tier.machineCpuRatio ?? 0) > 0.9 ? 'doubtful' : undefined),
      ]),
    ),
  };
}

function rateTable({ tiers }: RunAnalysis): Block {
  return {
    kind: 'table',
    columns: [
      ...[
        'Tier',
        'Asked for',
        'Achieved',
        'Schedule lag p99',
        'Response p99',
        'Service p99',
        'Rig floor p99',
      ].map(right),
      { title: 'Steady?' },
    ],
    rows: tiers.map((tier) => [
      cell(formatCount(tier.connections)),
      cell(formatRate(tier.broadcasts.requestedPerSecond)),
      cell(formatRate(tier.broadcasts.achievedPerSecond)),
      cell(formatMs(tier.scheduleLag.p99Ms ?? tier.scheduleLag.maxMs)),
      cell(formatMs(tier.delivery.p99Ms)),
      cell(formatMs(tier.service.p99Ms)),
      cell(formatMs(tier.floor?.p99Ms ?? null)),
      steadyCell(tier),
    ]),
  };
}

const STEADY_WORDS = { steady: 'yes', 'not-steady': 'no', unknown: 'not known' } as const;

function steadyCell({ steadiness }: TierAnalysis): Cell {
  const text = `${STEADY_WORDS[steadiness.state]}: ${steadiness.detail}`;
  return cell(text, steadiness.state === 'not-steady' ? 'doubtful' : undefined);
}

function ledgerTable({ tiers }: RunAnalysis): Block {
  const figures = [
    ['Expected', 'expected'],
    ['Unique', 'unique'],
    ['Lost', 'lost'],
    ['Duplicated', 'duplicated'],
    ['Out of order', 'outOfOrder'],
    ['Wrong room', 'wrongRoom'],
    ['Foreign', 'foreign'],
    ['Unreadable', 'corrupt'],
    ['Undetermined', 'undetermined'],
  ] as const;
  const bad = new Set<string>(['lost', 'duplicated', 'outOfOrder', 'wrongRoom', 'corrupt']);
  return {
    kind: 'table',
    columns: ['Tier', ...figures.map(([title]) => title)].map(right),
    rows: tiers.map(({ connections, ledger }) => [
      cell(formatCount(connections)),
      ...figures.map(([, name]) =>
        cell(formatCount(ledger[name]), bad.has(name) && ledger[name] > 0 ? 'bad' : undefined),
      ),
    ]),
  };
}

function counterTable({ tiers }: RunAnalysis): Block {
  return {
    kind: 'table',
    columns: [
      right('Tier'),
      { title: 'What' },
      ...['Clients count', 'Server counts', 'Difference', 'Unexplained'].map(right),
    ],
    rows: tiers.flatMap((tier) => tier.counterChecks.map((check) => counterRow(tier.connections, check))),
  };
}

function counterRow(connections: number, check: CounterCheck): readonly Cell[] {
  return [
    cell(formatCount(connections)),
    cell(check.name),
    cell(formatCount(check.client)),
    cell(formatCount(check.server)),
    cell(formatCount(check.difference)),
    cell(formatCount(check.unexplained), (check.unexplained ?? 0) === 0 ? undefined : 'doubtful'),
  ];
}

function calibrationText({ calibration, target }: RunRecord): string {
  const sharing = target.sharesMachine
    ? 'Generator and server share this machine, so a worker may be late by its calibrated figure and half as much again.'
    : '';
  if (calibration === null) {
    return `This machine is not calibrated: the rig's floor is unknown, and a worker counts as late above 10 ms (npm run calibrate). ${sharing}`.trim();
  }
  return `Calibrated ${formatInstant(calibration.calibratedAt)}: a worker checks ${formatCount(calibration.singleFramePerCoreSecond)} deliveries a second of CPU at one frame a read and ${formatCount(calibration.coalescedPerCoreSecond)} when frames arrive together, and opens ${formatCount(calibration.connectsPerSecondPerWorker)} connections a second. ${sharing}`.trim();
}
