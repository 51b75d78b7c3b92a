/** Findings about ticks that were lost, doubled, overtaken, or that cannot be told apart. */

import { formatCount } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import type { FirehoseContext } from '../firehose-context.ts';

interface IntegrityText {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
  /** The fault whose harm this check counts. */
  readonly fault?: string;
}

const TEXTS: Readonly<Record<string, IntegrityText>> = {
  lost: {
    title: 'Ticks were lost',
    where: 'between server/features/ticks/tick-reader.ts, which counts what the kernel took, and the readers',
    todo: 'Compare touchline_ticks_flushed_total with what the readers got; look for frames that left the queue unwritten.',
    fault: 'drop-deliveries',
  },
  duplicated: {
    title: 'Readers got ticks twice',
    where: 'server/features/ticks/tick-turn.ts gives each turn to each reader once',
    todo: 'Look for a batch that is written again after a partial write.',
    fault: 'duplicate-deliveries',
  },
  'out-of-order': {
    title: 'Ticks overtook each other',
    where: "server/hub/connection.ts: a connection's one ordered path",
    todo: 'Look for a write that goes past what still waits.',
    fault: 'reorder-deliveries',
  },
  'shared-timestamps': {
    title: 'Different ticks carry the same time',
    where: 'server/features/ticks/tick-source.ts, which draws a time for each tick',
    todo: 'A time that is used twice tells two ticks apart no more: give each its own, with as many decimals as it takes.',
  },
};

/** One finding for each integrity check that failed. */
export function integrityFindings(context: FirehoseContext, checks: readonly Check[]): readonly Finding[] {
  return checks
    .filter(({ verdict }) => verdict === 'fail')
    .flatMap((check) => {
      const text = TEXTS[check.name];
      return text === undefined ? [] : [findingOf(context, check, text)];
    });
}

function findingOf({ cells, record }: FirehoseContext, check: Check, text: IntegrityText): Finding {
  const { title, where, todo, fault = '' } = text;
  const seen = `${formatCount(check.observed)}, ${check.detail ?? ''}`;
  const counted = cells.reduce((sum, { server }) => sum + (server.counters.faultInjections?.[fault] ?? 0), 0);
  if (counted === 0) return { title, where, todo, seen };
  return {
    title: `${title}: the fault that is switched on did it`,
    seen: `${seen}. The server itself counts ${formatCount(counted)} under fault="${fault}" in touchline_fault_injections_total.`,
    where: `the fault ${record.faults.join(', ')}`,
    todo: 'Nothing: this is the positive control. Run again without --fault.',
  };
}
