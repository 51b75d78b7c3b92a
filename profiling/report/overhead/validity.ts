/** Whether the comparison can be trusted: rounds left out, the rig's health, the books, one row for each server. */

import {
  type OverheadAnalysis,
  type TurnAnalysis,
  tiersOf,
} from '../../analysis/overhead/overhead-analysis.ts';
import type { OverheadVerdict, SpoiltTurn } from '../../verdict/overhead/overhead-verdict.ts';
import { formatCount, formatList, formatPercent } from '../../verdict/quantities.ts';
import { type Block, type Column, cell, type RichText, type Section, strong } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

interface MeasuredServer {
  /** `off and metrics` where one server was switched between the two. */
  readonly name: string;
  readonly tiers: ReturnType<typeof tiersOf>;
}

export function validitySection({ arms, turns }: OverheadAnalysis, verdict: OverheadVerdict): Section {
  const servers = serversOf(arms, turns);
  return {
    id: 'validity',
    title: 'Validity: can it be trusted?',
    blocks: [
      leftOut(verdict),
      { kind: 'heading', text: 'The rig' },
      rigTable(servers),
      { kind: 'heading', text: 'Delivery ledger, and counted at both ends' },
      ledgerTable(servers),
    ],
  };
}

function leftOut({ spoilt, untimed }: OverheadVerdict): Block {
  if (spoilt.length + untimed.length === 0) {
    return {
      kind: 'paragraph',
      tone: 'good',
      text: 'Every turn was measured on a fit rig; none is left out.',
    };
  }
  const items = [spoilt.map(leftOutText('left out')), untimed.map(leftOutText('its latencies left out'))];
  return { kind: 'list', items: items.flat() };
}

function leftOutText(what: string) {
  return ({ round, arm, problems }: SpoiltTurn): RichText => [
    strong(`Round ${round}, ${arm}:`),
    ` ${what}, ${problems[0]?.sentence ?? ''}`,
  ];
}

function rigTable(servers: readonly MeasuredServer[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Server' },
      ...[
        'Turns',
        'Machine, median',
        'Machine, most (limit 90 %)',
        'Generator, most (limit 80 %)',
        'Rate achieved, least',
      ].map(right),
    ],
    rows: servers.map(({ name, tiers }) => {
      const machine = tiers.map(({ machineCpuRatio }) => machineCpuRatio ?? 0).sort((a, b) => a - b);
      const workers = tiers.flatMap((tier) => tier.workers.map(({ cpuRatio }) => cpuRatio));
      const rates = tiers.flatMap(({ broadcasts }) => (broadcasts.ratio === null ? [] : [broadcasts.ratio]));
      const most = machine.at(-1) ?? null;
      return [
        cell([strong(name)]),
        cell(formatCount(tiers.length)),
        cell(formatPercent(machine[Math.floor(machine.length / 2)] ?? null)),
        cell(formatPercent(most), (most ?? 0) > 0.9 ? 'doubtful' : undefined),
        cell(formatPercent(workers.length === 0 ? null : Math.max(...workers))),
        cell(formatPercent(rates.length === 0 ? null : Math.min(...rates))),
      ];
    }),
  };
}

function ledgerTable(servers: readonly MeasuredServer[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Server' },
      ...[
        'Expected',
        'Unique',
        'Lost',
        'Duplicated',
        'Out of order',
        'Wrong room',
        'Server counts',
        'Unexplained',
      ].map(right),
    ],
    rows: servers.map(({ name, tiers }) => {
      const sum = (pick: (tier: TurnAnalysis['tier']) => number) =>
        tiers.reduce((total, tier) => total + pick(tier), 0);
      const counts = tiers.flatMap(({ counterChecks }) =>
        counterChecks.filter((check) => check.name === 'deliveries'),
      );
      const unexplained = counts.reduce((total, { unexplained: part }) => total + Math.abs(part ?? 0), 0);
      const seen = counts.every(({ server }) => server !== null);
      const bad = (count: number) => cell(formatCount(count), count > 0 ? 'bad' : undefined);
      return [
        cell([strong(name)]),
        cell(formatCount(sum(({ ledger }) => ledger.expected))),
        cell(formatCount(sum(({ ledger }) => ledger.unique))),
        bad(sum(({ ledger }) => ledger.lost)),
        bad(sum(({ ledger }) => ledger.duplicated)),
        bad(sum(({ ledger }) => ledger.outOfOrder)),
        bad(sum(({ ledger }) => ledger.wrongRoom)),
        cell(formatCount(seen ? counts.reduce((total, { server }) => total + (server ?? 0), 0) : null)),
        cell(formatCount(unexplained), unexplained > 0 ? 'doubtful' : undefined),
      ];
    }),
  };
}

function serversOf(
  arms: OverheadAnalysis['arms'],
  turns: readonly TurnAnalysis[],
): readonly MeasuredServer[] {
  const servers: { names: string[]; tiers: MeasuredServer['tiers'] }[] = [];
  for (const { name } of arms) {
    const tiers = tiersOf(turns.filter(({ arm }) => arm === name));
    const [first] = tiers;
    const shared = servers.find((server) => first !== undefined && server.tiers.includes(first));
    if (shared === undefined) servers.push({ names: [name], tiers });
    else shared.names.push(name);
  }
  return servers.map(({ names, tiers }) => ({ name: formatList(names), tiers }));
}
