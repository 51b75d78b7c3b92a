/** Findings about messages that were lost, doubled, late in order or astray. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { formatCount, formatList, formatPercent } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';

interface IntegrityText {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
}

const TEXTS: Readonly<Record<string, IntegrityText>> = {
  duplicated: {
    title: 'Clients got messages twice',
    where:
      'server/hub/fan-out.ts hands each broadcast to each member once; server/hub/room.ts keeps the members',
    todo: 'Look for a member that is in the room twice, or a resume that gives what was already delivered.',
  },
  'out-of-order': {
    title: 'Messages overtook each other',
    where: 'server/hub/room.ts numbers broadcasts; whatever sends after that must keep their order',
    todo: 'Look for a send that waits for something (a timer, a promise) between numbering and writing.',
  },
  'wrong-room': {
    title: 'Messages reached a room they were not meant for',
    where: 'server/hub/room-directory.ts maps matches to rooms',
    todo: 'Treat this as a leak of data between users: find how a connection came into that room.',
  },
};

/** The fault whose harm each check counts; of losses the server counts every reason. */
const FAULT_OF: Readonly<Record<string, string>> = {
  duplicated: 'duplicate-deliveries',
  'out-of-order': 'reorder-deliveries',
  'wrong-room': 'wrong-room',
};

const CONTROL = 'Nothing: this is the positive control. Run again without --fault.';

/** One finding for each integrity check that did not pass. */
export function integrityFindings(context: LoadContext, checks: readonly Check[]): readonly Finding[] {
  const failed = checks.filter((check) => check.verdict === 'fail');
  return failed.flatMap((check) => {
    if (check.name === 'lost') return [lossFinding(context, check)];
    const text = TEXTS[check.name];
    return text === undefined ? [] : [harmFinding(context, check, text)];
  });
}

function harmFinding({ tiers, record }: LoadContext, check: Check, text: IntegrityText): Finding {
  const seen = `${formatCount(check.observed)}, ${check.detail ?? ''}`;
  const fault = FAULT_OF[check.name];
  const counted = tiers.reduce(
    (sum, { server }) => sum + (server.counters.faultInjections?.[fault ?? ''] ?? 0),
    0,
  );
  if (fault === undefined || counted === 0) return { ...text, seen };
  return {
    title: `${text.title}: the fault that is switched on did it`,
    seen: `${seen}. The server itself counts ${formatCount(counted)} under fault="${fault}" in touchline_fault_injections_total.`,
    where: `the fault ${record.faults.join(', ')}`,
    todo: CONTROL,
  };
}

function lossFinding({ tiers, record }: LoadContext, check: Check): Finding {
  const drops = dropsByReason(tiers);
  const counted = [...drops.values()].reduce((total, count) => total + count, 0);
  const expected = tiers.reduce((total, tier) => total + tier.ledger.expected, 0);
  const said = [...drops].map(([reason, count]) => `${formatCount(count)} under reason="${reason}"`);
  const seen = `${formatCount(check.observed)} of ${formatCount(expected)} expected deliveries never came (${formatPercent((check.observed ?? 0) / Math.max(1, expected))}).`;
  if (counted === 0) {
    return {
      title: 'Messages were lost, and the server does not know it',
      seen: `${seen} The server counts none as dropped.`,
      where: 'between server/hub/fan-out.ts, which counted them as handed over, and the clients',
      todo: 'Compare touchline_deliveries_total with the ledger below; look for connections that ended with bytes unsent.',
    };
  }
  const faulty = record.faults.length > 0 && drops.has('fault');
  return {
    title: faulty ? 'The fault that is switched on lost messages' : 'The server left messages out',
    seen: `${seen} The server itself counts ${formatList(said)} in touchline_deliveries_dropped_total.`,
    where: faulty
      ? `the fault ${record.faults.join(', ')}`
      : 'server/hub/backpressure.ts, the limits for slow consumers',
    todo: faulty
      ? CONTROL
      : 'Find out why those clients read too slowly, or raise the limits of bytes and age.',
  };
}

function dropsByReason(tiers: readonly TierAnalysis[]): ReadonlyMap<string, number> {
  const drops = new Map<string, number>();
  for (const tier of tiers) {
    for (const [reason, count] of Object.entries(tier.server.counters.droppedByReason)) {
      if (count > 0) drops.set(reason, (drops.get(reason) ?? 0) + count);
    }
  }
  return drops;
}
