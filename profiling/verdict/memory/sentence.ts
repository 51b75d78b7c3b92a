/** The verdict of a memory run as one sentence that a stranger understands. */

import { checkLimit } from '../check-limit.ts';
import { HOW_TO_SEE } from '../checks/lifecycle-checks.ts';
import { totalBroken } from '../checks/total-sentence.ts';
import type { Decision } from '../decision.ts';
import { formatPerConnection } from '../growth-text.ts';
import { formatBytes, formatCount, formatList, formatQuantity } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import { moreChecks } from '../verdict-sentence.ts';
import { MIN_CONNECTIONS_PER_CYCLE } from './checks/slopes.ts';
import { grownBy, rootsOf, thingsOf } from './growing-words.ts';
import { formatKeptBytes } from './kept-bytes.ts';
import type { MemoryContext } from './memory-context.ts';
import type { Leak } from './memory-verdict.ts';

const COUNTS: ReadonlySet<string> = new Set(['structures', 'listeners', 'timers', 'classes', 'fds']);
const GROWING = 'growing-classes';

export function verdictSentence(
  { verdict, deciding }: Decision,
  leaks: readonly Leak[],
  context: MemoryContext,
): string {
  switch (verdict) {
    case 'pass':
      return `Pass: ${passed(context)}.`;
    case 'fail':
      return `Fail: ${failed(deciding, leaks, context)}.`;
    case 'inconclusive':
      return `Inconclusive: ${doubted(deciding, context)}.`;
  }
}

function passed(context: MemoryContext): string {
  const { analysis } = context;
  const cycles = analysis.measured.length;
  const over = `${formatCount(analysis.connections)} connections in ${cycles} ${cycles === 1 ? 'cycle' : 'cycles'}`;
  const snapshots = context.record.heapGrowth == null ? '' : 'heap snapshots show no class that grows; ';
  return `the server gave back what ${over} took: every structure, listener, timer, descriptor and class is back at its baseline; ${snapshots}${heapGrowth(context)}`;
}

function heapGrowth({ analysis, record }: MemoryContext): string {
  const { heapUsed } = analysis.slopes;
  const unjudged = 'the growth of the heap was not judged, for which';
  if (heapUsed === null || heapUsed.lowerBound === null) return `${unjudged} there are too few cycles`;
  if (record.connections < MIN_CONNECTIONS_PER_CYCLE) return `${unjudged} the cycles are too small`;
  const { slope, interval } = heapUsed;
  const between =
    interval === null ? '' : ` (95 % CI ${formatBytes(interval[0])} to ${formatBytes(interval[1])})`;
  return `the heap grew by ${formatBytes(slope)} a connection${between}`;
}

function failed(deciding: readonly Check[], leaks: readonly Leak[], context: MemoryContext): string {
  const { analysis } = context;
  const [first] = deciding;
  if (first === undefined) return 'a check failed';
  const total = totalBroken(
    first,
    analysis.cycles.map(({ tier }) => tier),
  );
  const more = moreChecks('fail', deciding.length - 1);
  if (total !== null) return `${total}${more}`;
  const growing = deciding.some(({ name }) => name === GROWING);
  if (growing && (first.name === GROWING || COUNTS.has(first.name))) return named(context);
  const [leak] = leaks;
  if (leak !== undefined && COUNTS.has(first.name)) return leaked(leak, leaks.length - 1, context);
  if (first.name === 'unsubscribed') {
    return `${formatCount(first.observed)} clients were still in the room after they had unsubscribed (${first.detail ?? ''})${more}`;
  }
  return `${first.title.toLowerCase()} is at least ${formatQuantity(first.observed, first.unit)} (limit ${checkLimit(first)})${more}`;
}

/** The classes of the heap snapshots; who holds them, and where they come from, is told beside it. */
function named({ analysis, record }: MemoryContext): string {
  const things = rootsOf(record.heapGrowth).map((root) => `${formatCount(grownBy(root))} ${thingsOf(root)}`);
  return `${formatList(things)} stayed while ${formatCount(analysis.connections)} connections came and went`;
}

function leaked({ cause }: Leak, further: number, { analysis }: MemoryContext): string {
  const bytes = formatKeptBytes(analysis);
  const kept = bytes === null ? '' : `, and memory by ${bytes}`;
  const where = cause.releasedBy === null ? '' : `; to be released at ${cause.releasedBy}`;
  const more = further === 0 ? '' : `; ${further} more ${further === 1 ? 'figure' : 'figures'} grew`;
  return `${cause.name} grew by ${formatCount(cause.grown)} (${formatPerConnection(cause)}) while ${formatCount(analysis.connections)} connections came and went${kept}${where}${more}`;
}

/** What makes everything doubtful first, the end of the run before what it cut short; then what could not be seen. */
function doubted(deciding: readonly Check[], { analysis }: MemoryContext): string {
  const trust = deciding.find(isCompleted) ?? deciding.find(({ name }) => name === 'healthy-rig');
  if (trust !== undefined) {
    const why = trust.name === 'completed' ? 'the run was cut short' : 'the measurement cannot be trusted';
    return `${why}: ${trust.detail ?? 'nothing was measured'}`;
  }
  if (analysis.growth === null) return HOW_TO_SEE;
  const first = deciding.find(({ name }) => COUNTS.has(name)) ?? deciding[0];
  if (first === undefined) return 'nothing was measured';
  return `${first.title.toLowerCase()} cannot be judged, ${first.detail ?? 'it was not seen'}${moreChecks('inconclusive', deciding.length - 1)}`;
}

function isCompleted({ name }: Check): boolean {
  return name === 'completed';
}
