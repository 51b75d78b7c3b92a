/** From figures that grew to what was not released: what was tracked is the cause, and what it points to stays alive with it. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { Leak } from './memory-verdict.ts';

/** A connection that is kept keeps one timer of its socket; a timer that runs comes on top, and is the cause. */
const TIMER = 'Timeout';
/** Classes grow with their cause, give or take what other connections left behind. */
const SAME_RATIO = 0.1;

/** The causes, largest first; a class is one only where nothing that tracks it grew. */
export function leaksOf(growth: readonly Growth[]): readonly Leak[] {
  const grown = growth.filter(({ excess }) => excess > 0);
  const classes = grown.filter(({ kind }) => kind === 'class');
  const trackers = grown.filter(({ kind }) => kind !== 'class' && kind !== 'fds');
  const causes = trackers.length > 0 ? trackers : grown.filter(isRoot);
  const leaks = [...causes]
    .sort((a, b) => b.excess - a.excess)
    .map((cause) => ({ cause, kept: classes.filter((kept) => kept !== cause && isAsMany(kept, cause)) }));
  const explained = new Set(leaks.flatMap(({ cause, kept }) => [cause, ...kept]));
  const others = grown.filter((figure) => !explained.has(figure));
  return [...leaks, ...others.map((cause) => ({ cause, kept: [] }))];
}

/** Without a tracker that grew: descriptors, else timers where there are more than kept connections explain, else the outermost class. */
function isRoot(figure: Growth, _index: number, grown: readonly Growth[]): boolean {
  const others = grown.filter(({ name }) => name !== TIMER);
  const most = Math.max(0, ...others.map(({ excess }) => excess));
  const timer = grown.find(({ name, excess }) => name === TIMER && excess > most);
  return figure === (timer ?? others[0]);
}

/** As many as there are causes, or more where each keeps several. */
function isAsMany(kept: Growth, cause: Growth): boolean {
  return kept.excess >= cause.excess * (1 - SAME_RATIO);
}
