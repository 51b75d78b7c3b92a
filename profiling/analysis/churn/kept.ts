/** What the server kept of connections that are gone: structures, listeners, timers, descriptors, classes. */

import type { ChurnLook, ChurnRecord } from '../../record/churn-record.ts';
import type { LifecycleSample } from '../../record/lifecycle-record.ts';
import { type Growth, lifecycleGrowth } from '../lifecycle-growth.ts';
import type { FdFigures, Kept } from './churn-analysis.ts';

/** Compares each look with the baseline. */
export function keptAfter(record: ChurnRecord): readonly Kept[] {
  const { settled, end, load } = record;
  const visits = load?.connect.connected ?? 0;
  const storm = load?.storm ?? null;
  const returns = storm === null ? 0 : storm.clients + storm.recovered;
  return [
    ...keptAt('churn', settled, visits, record),
    ...(storm === null ? [] : keptAt('storm', end, visits + returns, record)),
  ];
}

function keptAt(
  after: Kept['after'],
  look: ChurnLook | null,
  connections: number,
  { baseline, releasePoints }: ChurnRecord,
): readonly Kept[] {
  const [before, now] = [netOf(baseline), look === null ? null : netOf(look)];
  if (before === null || now === null) return [];
  const growth = lifecycleGrowth(before.lifecycle, now.lifecycle, { connections, releasePoints });
  const isExact = before.isNet && now.isNet;
  return [
    {
      after,
      connections,
      growth: isExact ? growth.map(exactFds) : growth,
      countsClasses: before.lifecycle.classes !== null && now.lifecycle.classes !== null,
    },
  ];
}

/** With the sockets of others taken off, not one descriptor may be left. */
function exactFds(growth: Growth): Growth {
  return growth.kind === 'fds' ? { ...growth, excess: Math.max(0, growth.grown) } : growth;
}

interface Net {
  readonly lifecycle: LifecycleSample;
  readonly isNet: boolean;
}

/** A look without the descriptors of sockets whose other end is open, too: the scrapes' own, a kept-alive publisher's. */
function netOf({ lifecycle, sockets }: ChurnLook): Net | null {
  if (lifecycle === null) return null;
  const { openFds } = lifecycle;
  // The connection that asked is one of them; without it, the kernel's list is not the target's.
  if (openFds === null || sockets === null || sockets.held === 0) return { lifecycle, isNet: false };
  return { lifecycle: { ...lifecycle, openFds: openFds - sockets.held }, isNet: true };
}

export function fdFigures({ baseline, settled, end, samples }: ChurnRecord): FdFigures | null {
  const looks = [baseline, settled, end].map((look) => (look === null ? null : netOf(look)));
  const isExact = looks.every((look) => look === null || look.isNet);
  const [atBaseline, atSettled, atEnd] = [baseline, settled, end].map((look, index) =>
    isExact ? (looks[index]?.lifecycle.openFds ?? null) : (look?.lifecycle?.openFds ?? null),
  );
  if (atBaseline === undefined || atBaseline === null) return null;
  const seen = samples.flatMap(({ openFds }) => (openFds === null ? [] : [openFds]));
  return {
    baseline: atBaseline,
    peak: seen.length === 0 ? null : Math.max(...seen),
    settled: atSettled ?? null,
    end: atEnd ?? null,
    isExact,
  };
}
