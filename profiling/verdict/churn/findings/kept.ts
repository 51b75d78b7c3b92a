/** Findings about what the server kept of clients that were gone. */

import type { Growth } from '../../../analysis/lifecycle-growth.ts';
import { formatGrowth, formatNamedGrowth } from '../../growth-text.ts';
import { formatCount, formatList } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';
import { CONTROL_TODO, faultNote } from './fault-note.ts';

const WHAT_TO_DO: Readonly<Record<Growth['kind'], string>> = {
  structure:
    'Follow every way in which a connection ends (closing handshake, reset, missed heartbeat) to this line: one of them does not come by.',
  listener: 'Remove the listener where its connection ends, or listen once for all connections.',
  timers: 'Clear the timer where its connection ends.',
  fds: 'Look at the sockets of the process (ss -tnp): CLOSE-WAIT means that the peer closed and the server did not.',
  class:
    'Find what still points to these objects: take two heap snapshots (POST /debug/heap-snapshot), before and after clients come and go, and compare them (npm run heap:diff -- before.heapsnapshot after.heapsnapshot).',
};

/** One finding for each structure, emitter, timers and descriptors; classes stand with what keeps them alive. */
export function keptFindings(context: ChurnContext): readonly Finding[] {
  const kept = (context.growth ?? []).filter(({ excess }) => excess > 0);
  const classes = kept.filter(({ kind }) => kind === 'class');
  const trackers = kept.filter(({ kind }) => kind !== 'class');
  const alive =
    classes.length === 0
      ? ''
      : ` Objects that stayed alive meanwhile: ${formatList(classes.map(formatNamedGrowth))}.`;
  const [first, ...others] = trackers;
  if (first === undefined) return classes.length === 0 ? [] : [classesFinding(classes, context)];
  return [
    finding(first, `${seenOf(first)}${alive}`, context),
    ...others.map((growth) => finding(growth, seenOf(growth), context)),
  ];
}

function classesFinding(classes: readonly Growth[], context: ChurnContext): Finding {
  const [first] = classes;
  const seen = `${formatList(classes.map(formatNamedGrowth))}, although no structure that the server tracks has grown.`;
  return {
    title: 'Objects stayed alive for clients that were gone',
    seen: `${seen}${faultNote(context)}`,
    where: first?.releasedBy ?? 'what still points to them',
    todo: context.record.faults.length > 0 ? CONTROL_TODO : WHAT_TO_DO.class,
  };
}

function finding(growth: Growth, seen: string, context: ChurnContext): Finding {
  return {
    title: `Left behind: ${growth.title.charAt(0).toLowerCase()}${growth.title.slice(1)}`,
    seen: `${seen}${faultNote(context)}`,
    where: growth.releasedBy ?? `what ${growth.name} counts`,
    todo: context.record.faults.length > 0 ? CONTROL_TODO : WHAT_TO_DO[growth.kind],
  };
}

function seenOf(growth: Growth): string {
  return `${growth.name} stood at ${formatCount(growth.baseline)} before, and at ${formatCount(growth.end)} when everyone had left: ${formatGrowth(growth)}.`;
}
