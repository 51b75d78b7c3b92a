/** Whether the measurement can be trusted: the generator's health, its floor, and both ends' books side by side. */

import type { CounterCheck, TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import type { ValidityProblem } from '../../verdict/verdict.ts';
import { formatInstant } from '../format.ts';
import { type Block, type Cell, type Column, cell, type RichText, type Section } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** What the section is made from. */
export interface ValidityInput {
  readonly record: RunEnvelope;
  readonly tiers: readonly TierAnalysis[];
  readonly problems: readonly LabelledProblem[];
  /** Said when there are no problems. */
  readonly healthy: string;
  /** What a tier is called here: its column and its name. */
  readonly column: string;
  readonly labelOf: (tier: TierAnalysis, index: number) => string;
}

/** A reason not to trust the figures, and where it was seen: `At 1,000 connections`. */
export interface LabelledProblem {
  readonly where: string;
  readonly problem: ValidityProblem;
}

export function validitySection(input: ValidityInput): Section {
  return {
    id: 'validity',
    title: 'Validity: can it be trusted?',
    blocks: [
      problemsBlock(input),
      { kind: 'heading', text: 'Load generator' },
      workersTable(input),
      { kind: 'heading', text: 'Rate, schedule and steadiness' },
      rateTable(input),
      { kind: 'heading', text: 'Delivery ledger' },
      ledgerTable(input),
      { kind: 'heading', text: 'Counted at both ends' },
      counterTable(input),
      { kind: 'paragraph', tone: 'muted', text: calibrationText(input.record) },
    ],
  };
}

function problemsBlock({ problems, healthy }: ValidityInput): Block {
  const items = problems.map(
    ({ where, problem }): RichText => [
      { strong: where },
      ` ${problem.sentence} (`,
      { code: problem.code },
      ')',
    ],
  );
  return items.length === 0 ? { kind: 'paragraph', tone: 'good', text: healthy } : { kind: 'list', items };
}

function workersTable({ tiers, column, labelOf }: ValidityInput): Block {
  return {
    kind: 'table',
    columns: [
      right(column),
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
    rows: tiers.flatMap((tier, index) =>
      tier.workers.map((worker) => [
        cell(labelOf(tier, index)),
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

function rateTable({ tiers, column, labelOf }: ValidityInput): Block {
  return {
    kind: 'table',
    columns: [
      ...[
        column,
        'Asked for',
        'Achieved',
        'Schedule lag p99',
        'Response p99',
        'Service p99',
        'Rig floor p99',
      ].map(right),
      { title: 'Steady?' },
    ],
    rows: tiers.map((tier, index) => [
      cell(labelOf(tier, index)),
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

function ledgerTable({ tiers, column, labelOf }: ValidityInput): Block {
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
    columns: [column, ...figures.map(([title]) => title)].map(right),
    rows: tiers.map((tier, index) => [
      cell(labelOf(tier, index)),
      ...figures.map(([, name]) =>
        cell(formatCount(tier.ledger[name]), bad.has(name) && tier.ledger[name] > 0 ? 'bad' : undefined),
      ),
    ]),
  };
}

function counterTable({ tiers, column, labelOf }: ValidityInput): Block {
  return {
    kind: 'table',
    columns: [
      right(column),
      { title: 'What' },
      ...['Clients count', 'Server counts', 'Difference', 'Unexplained'].map(right),
    ],
    rows: tiers.flatMap((tier, index) =>
      tier.counterChecks.map((check) => counterRow(labelOf(tier, index), check)),
    ),
  };
}

function counterRow(label: string, check: CounterCheck): readonly Cell[] {
  return [
    cell(label),
    cell(check.name),
    cell(formatCount(check.client)),
    cell(formatCount(check.server)),
    cell(formatCount(check.difference)),
    cell(formatCount(check.unexplained), (check.unexplained ?? 0) === 0 ? undefined : 'doubtful'),
  ];
}

function calibrationText({ calibration, target }: RunEnvelope): string {
  const sharing = target.sharesMachine
    ? 'Generator and server share this machine, so a worker may be late by its calibrated figure and half as much again.'
    : '';
  if (calibration === null) {
    return `This machine is not calibrated: the rig's floor is unknown, and a worker counts as late above 10 ms (npm run calibrate). ${sharing}`.trim();
  }
  return `Calibrated ${formatInstant(calibration.calibratedAt)}: a worker checks ${formatCount(calibration.singleFramePerCoreSecond)} deliveries a second of CPU at one frame a read and ${formatCount(calibration.coalescedPerCoreSecond)} when frames arrive together, and opens ${formatCount(calibration.connectsPerSecondPerWorker)} connections a second. ${sharing}`.trim();
}
