/** What to do, most important first; of a clean server: what was shown, and what was not. */

import { formatNamedGrowth } from '../growth-text.ts';
import { formatCount } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import { releasePointOf } from './findings/growing-classes.ts';
import { originText, rootsOf, thingsOf } from './growing-words.ts';
import { heapDiffOf } from './heap-diff-text.ts';
import type { MemoryContext } from './memory-context.ts';
import type { Leak } from './memory-verdict.ts';

interface Judged {
  readonly checks: readonly Check[];
  readonly leaks: readonly Leak[];
  readonly cyclesNote: string | null;
}

export function recommendationsOf(context: MemoryContext, judged: Judged): readonly string[] {
  const { checks, leaks, cyclesNote } = judged;
  return [
    ...letGo(context, leaks),
    ...leaks.map((leak) => release(leak, context)),
    ...unsubscribe(context, checks),
    ...growth(context, judged),
    ...visible(context),
    ...(cyclesNote === null ? [] : [cyclesNote]),
    ...(leaks.length === 0 && context.analysis.growth !== null ? shown(context) : []),
    ...notShown(context),
  ];
}

/** What heap snapshots name, with the line that made it. */
function letGo({ record }: MemoryContext, leaks: readonly Leak[]): readonly string[] {
  return rootsOf(record.heapGrowth).map((root) => {
    const point = releasePointOf(root, leaks);
    const where = point === null ? 'where the connection ends' : `at ${point}`;
    const from = root.holder === null ? '' : ` out of ${root.holder}`;
    const origin = originText(root);
    const made = origin === null ? '' : `; they are ${origin}`;
    return `Take ${thingsOf(root)}${from} ${where}${made}${control(record)}.`;
  });
}

function release({ cause, kept }: Leak, { record }: MemoryContext): string {
  const where = cause.releasedBy ?? 'a line that is not known';
  const alive = kept.length === 0 ? '' : `; it keeps ${kept.map(({ name }) => name).join(', ')} alive`;
  return `Release ${formatNamedGrowth(cause)} at ${where}${alive}${control(record)}.`;
}

function control({ faults }: MemoryContext['record']): string {
  return faults.length === 0 ? '' : ' (nothing to mend: a fault is switched on)';
}

function unsubscribe({ record }: MemoryContext, checks: readonly Check[]): readonly string[] {
  const failed = checks.some(({ name, verdict }) => name === 'unsubscribed' && verdict === 'fail');
  const where = record.releasePoints['hub.roomMembers'];
  return failed && where !== undefined
    ? [
        `Let unsubscribe drop the member at once, at ${where}: until it leaves, it is sent what it no longer wants.`,
      ]
    : [];
}

function growth({ record }: MemoryContext, { checks, leaks }: Judged): readonly string[] {
  const failed = checks.some(({ name, verdict }) => name.endsWith('-slope') && verdict === 'fail');
  return failed && leaks.length === 0 && rootsOf(record.heapGrowth).length === 0
    ? [`Memory grows and nothing that is counted does: ${heapDiffOf(record)}.`]
    : [];
}

function visible({ analysis, record }: MemoryContext): readonly string[] {
  return analysis.growth === null && record.outcome.state === 'completed'
    ? [
        'Give the profiler the admin port (--admin, --admin-token): only counts decide, and none could be seen.',
      ]
    : [];
}

function shown({ analysis, record }: MemoryContext): readonly string[] {
  const figures = analysis.growth?.length ?? 0;
  const grown = analysis.growth?.some(({ excess }) => excess > 0) ?? false;
  if (grown || record.outcome.state !== 'completed') return [];
  return [
    `Shown: after ${formatCount(analysis.connections)} connections that joined, exchanged and left, each of ${formatCount(figures)} figures (structures, listeners, timers, descriptors, classes) was back at its baseline or within its bound.`,
  ];
}

function notShown({ record }: MemoryContext): readonly string[] {
  if (record.outcome.state !== 'completed') return [];
  return [
    'Not shown: ends without goodbye. Every client here unsubscribes and closes in order; npm run profile:churn lets them break off, vanish and storm back.',
    `Not shown: leaks of other features, of errors, or of days. What is not counted (${record.heapGrowth == null ? 'plain objects, strings, closures' : 'strings and numbers that are fewer than a tenth of the connections'}) shows in the slopes only, from their limits on.`,
    ...(record.heapGrowth == null && record.noHeapGrowth !== undefined
      ? [`Not shown: who holds what leaks: ${record.noHeapGrowth}.`]
      : []),
  ];
}
