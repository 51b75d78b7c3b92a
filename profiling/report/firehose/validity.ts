/** Whether the measurement can be trusted: the readers' health, and both ends' books side by side. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import { formatCount, formatMs, formatPercent } from '../../verdict/quantities.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  code,
  type RichText,
  type Section,
  strong,
} from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });
const MAX_WORKER_CPU_RATIO = 0.8;
const MAX_MACHINE_CPU_RATIO = 0.9;

export function validitySection({ cells }: FirehoseAnalysis, verdict: FirehoseVerdict): Section {
  return {
    id: 'validity',
    title: 'Validity: can it be trusted?',
    blocks: [
      problems(verdict),
      { kind: 'heading', text: 'Readers and machine' },
      rigTable(cells),
      { kind: 'heading', text: 'The readers’ ledger, and counted at both ends' },
      ledgerTable(cells),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Cells that drive the server as fast as it goes fill the machine by design; the verdict hangs on the search alone. JSON ticks are numbered: numbers that never came and were not called skipped are lost. Binary ticks are not: what the server flushed and no reader got is lost. A reader that left before all that was under way could reach it is undetermined.',
      },
    ],
  };
}

function problems({ cells }: FirehoseVerdict): Block {
  const items = cells.flatMap(({ label, problems: found }) =>
    found.map(
      ({ sentence, code: name }): RichText => [strong(`In ${label}:`), ` ${sentence} (`, code(name), ')'],
    ),
  );
  return items.length === 0
    ? { kind: 'paragraph', tone: 'good', text: 'Every cell was measured on a healthy rig.' }
    : { kind: 'list', items };
}

function rigTable(cells: readonly CellAnalysis[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Cell' },
      ...['Reader CPU (limit 80 %)', 'Loop p99', 'Its limit', 'Machine (limit 90 %)', 'Timed'].map(right),
      { title: 'Steady?' },
    ],
    rows: cells.map(rigRow),
  };
}

const STEADY_WORDS = { steady: 'yes', 'not-steady': 'no', unknown: 'not known' } as const;

function rigRow({ label, workers, machineCpuRatio, timedEvery, steadiness }: CellAnalysis): readonly Cell[] {
  const cpu = Math.max(0, ...workers.map(({ cpuRatio }) => cpuRatio));
  const latest = [...workers].sort((a, b) => b.loopDelayP99Ms - a.loopDelayP99Ms)[0];
  const isLate = latest !== undefined && latest.loopDelayP99Ms > latest.loopDelayLimitMs;
  return [
    cell(label),
    cell(formatPercent(cpu), cpu > MAX_WORKER_CPU_RATIO ? 'doubtful' : undefined),
    cell(formatMs(latest?.loopDelayP99Ms ?? null), isLate ? 'doubtful' : undefined),
    cell(formatMs(latest?.loopDelayLimitMs ?? null)),
    cell(
      formatPercent(machineCpuRatio),
      (machineCpuRatio ?? 0) > MAX_MACHINE_CPU_RATIO ? 'doubtful' : undefined,
    ),
    cell(timedEvery === 1 ? 'all' : `1 of ${formatCount(timedEvery)}`),
    cell(
      `${STEADY_WORDS[steadiness.state]}: ${steadiness.detail}`,
      steadiness.state === 'not-steady' ? 'doubtful' : undefined,
    ),
  ];
}

function ledgerTable(cells: readonly CellAnalysis[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Cell' },
      ...[
        'Received',
        'Server flushed',
        'Lost',
        'Duplicated',
        'Out of order',
        'Sharing a timestamp',
        'Unreadable',
        'Skipped',
        'Undetermined readers',
        'Unexplained',
      ].map(right),
    ],
    rows: cells.map(({ label, ledger, counterCheck, setup }) => {
      const isUnique = setup.source === 'unique';
      const bad = (count: number | null) =>
        cell(formatCount(count), (count ?? 0) > 0 && isUnique ? 'bad' : undefined);
      return [
        cell(label),
        cell(formatCount(ledger.received)),
        cell(formatCount(counterCheck.server)),
        bad(ledger.lost),
        bad(ledger.duplicated),
        bad(ledger.outOfOrder),
        bad(ledger.sharedTimestamps),
        bad(ledger.corrupt + ledger.foreignText),
        cell(formatCount(ledger.skipped)),
        cell(formatCount(ledger.undeterminedReaders)),
        cell(
          formatCount(counterCheck.unexplained),
          (counterCheck.unexplained ?? 0) === 0 ? undefined : 'doubtful',
        ),
      ];
    }),
  };
}
