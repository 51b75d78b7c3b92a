/** Findings of a memory run: what kept something and which line should have released it. */

import type { GrowthKind } from '../../analysis/lifecycle-growth.ts';
import { HOW_TO_SEE } from '../checks/lifecycle-checks.ts';
import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatGrowth, formatPerConnection } from '../growth-text.ts';
import { formatBytes, formatCount, formatList } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';

import { formatSlope } from './checks/slopes.ts';
import { growingFindings } from './findings/growing-classes.ts';
import { todoOf, whereOf } from './findings/positive-control.ts';
import { HEAP_DIFF, heapDiffOf } from './heap-diff-text.ts';
import { judgedGrowth } from './judged-growth.ts';
import { formatKeptBytes } from './kept-bytes.ts';
import { doubtsOf, loadOf, type MemoryContext } from './memory-context.ts';
import type { Leak } from './memory-verdict.ts';

const ADVICE: Readonly<Record<GrowthKind, string>> = {
  structure:
    'Make sure that this line is reached for every connection, however it ends: close, error, a lost peer, a drain.',
  listener: 'Take the listener off where the connection ends, with the same function that was put on.',
  timers: 'Clear the timer where the connection ends.',
  fds: 'Look for a socket or file that is not closed when its connection ends (ls -l /proc/<pid>/fd).',
  class: `Find who still points to them: ${HEAP_DIFF}.`,
};

export function findingsOf(
  context: MemoryContext,
  checks: readonly Check[],
  leaks: readonly Leak[],
): readonly Finding[] {
  return [
    ...integrityFindings(loadOf(context), checks),
    ...growingFindings(context, leaks),
    ...leaks.map((leak) => leakFinding(leak, context)),
    ...unsubscribeFindings(context, checks),
    ...slopeFindings(context, checks, leaks),
    ...connectionFindings(loadOf(context), checks),
    ...blindFindings(context),
    ...doubtFindings(context),
  ];
}

function leakFinding({ cause, kept }: Leak, context: MemoryContext): Finding {
  const { analysis, record } = context;
  const bytes = formatKeptBytes(analysis);
  const many = cause.kind === 'structure' || cause.kind === 'class' ? `${cause.name}: ` : '';
  const bound =
    cause.bound === null
      ? ''
      : ` It may hold ${formatCount(cause.bound)}; it took ${formatCount(analysis.broadcasts)} broadcasts.`;
  const alive =
    kept.length === 0
      ? ''
      : ` As many stay alive of ${formatList(kept.map((figure) => `${figure.name} ${formatGrowth(figure)}`))}.`;
  return {
    title: `Not released: ${cause.title}`,
    seen: `${many}${formatCount(cause.baseline)} at the baseline, ${formatCount(cause.end)} at the end: ${formatGrowth(cause)} over ${formatCount(analysis.connections)} connections.${bound}${alive}${bytes === null ? '' : ` Memory grew by ${bytes}.`}${injectionsNote(context)}`,
    where: whereOf(cause.releasedBy, record.faults),
    todo: todoOf(ADVICE[cause.kind], record.faults),
  };
}

function unsubscribeFindings(
  { record, analysis }: MemoryContext,
  checks: readonly Check[],
): readonly Finding[] {
  const check = checks.find(({ name, verdict }) => name === 'unsubscribed' && verdict === 'fail');
  const members = analysis.growth?.find(({ name }) => name === 'hub.roomMembers');
  if (check === undefined) return [];
  return [
    {
      title: 'Unsubscribing does not take a member out of its room',
      seen: `${formatCount(check.observed)} ${check.detail ?? ''} were still in the room when the server had told them unsubscribed.`,
      where: whereOf(members?.releasedBy ?? null, record.faults),
      todo: todoOf('Take the connection out of the room before unsubscribed is answered.', record.faults),
    },
  ];
}

/** Growth that no count explains: small objects, closures, memory outside the heap. */
function slopeFindings(
  { analysis, record }: MemoryContext,
  checks: readonly Check[],
  leaks: readonly Leak[],
): readonly Finding[] {
  const failed = checks.filter(({ name, verdict }) => name.endsWith('-slope') && verdict === 'fail');
  if (leaks.length > 0 || judgedGrowth(record.heapGrowth).length > 0) return [];
  return failed.map((check) => {
    const external = check.name === 'external-slope';
    const fit = external ? analysis.slopes.external : analysis.slopes.heapUsed;
    return {
      title: external ? 'Memory outside the heap grows' : 'The heap grows, and no count says why',
      seen: `${fit === null ? '' : `${formatSlope(fit)}; `}the lower 95 % bound is ${formatBytes(check.observed)} a connection, and everything that is counted is back at its baseline.${unnamed(record)}`,
      where: external
        ? 'buffers: received frames, unsent messages, compression contexts, native handles'
        : 'objects of classes that are not counted: plain objects, arrays, closures, strings',
      todo: `Compare what the heap held before and after: ${heapDiffOf(record)}.`,
    };
  });
}

/** How sure that is without a class that grows. */
function unnamed({ heapGrowth }: MemoryContext['record']): string {
  return heapGrowth == null
    ? ''
    : ' No class of objects grew in both halves of the cycles, and no collection by a tenth of the connections, so this is weaker evidence of a leak than a name would be: it may be few large things.';
}

function blindFindings({ analysis, record }: MemoryContext): readonly Finding[] {
  if (analysis.growth !== null || record.outcome.state !== 'completed') return [];
  return [
    {
      title: 'What the server tracks cannot be seen',
      seen: HOW_TO_SEE,
      where: 'the admin port of the target',
      todo: 'Run again with --admin and --admin-token, or let the profiler start the server.',
    },
  ];
}

/** Only those that make the counts doubtful. */
function doubtFindings({ validity }: MemoryContext): readonly Finding[] {
  const places = validity.map((cycle) => ({ name: cycle.label, problems: doubtsOf(cycle), isJudged: true }));
  return rigFindings(places, { placesOf: (names) => `In ${formatList(names)}`, unjudged: '' });
}

function injectionsNote({ analysis }: MemoryContext): string {
  const said = Object.entries(analysis.faultInjections).map(
    ([fault, count]) =>
      ` The server itself counts ${formatCount(count)} (${formatPerConnection({ perConnection: analysis.connections === 0 ? null : count / analysis.connections })}) by the fault ${fault} in these cycles.`,
  );
  return said.join('');
}
