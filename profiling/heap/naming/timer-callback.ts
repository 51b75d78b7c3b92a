/** What a timer calls: the only thing that tells one Timeout from another. */

import type { LeakScene } from '../graph/leak-scene.ts';
import type { ScriptLocation } from '../reading/heap-snapshot.ts';

export interface TimerCallback {
  readonly name: string;
  readonly location: ScriptLocation | null;
}

/** @param nodes timers @returns the function that most of them call; null where they are no timers */
export function callbackOfTimers({ graph }: LeakScene, nodes: readonly number[]): TimerCallback | null {
  const votes = new Map<string, { count: number; readonly closure: number }>();
  for (const node of nodes) {
    const closure = graph.follow(node, ['_onTimeout']);
    if (closure === null || graph.typeOf(closure) !== 'closure') continue;
    const key = `${graph.nameOf(closure)}|${JSON.stringify(graph.locationOf(closure))}`;
    const vote = votes.get(key) ?? { count: 0, closure };
    vote.count += 1;
    votes.set(key, vote);
  }
  const [most] = [...votes.values()].sort((a, b) => b.count - a.count);
  if (most === undefined) return null;
  return { name: graph.nameOf(most.closure) || '(anonymous)', location: graph.locationOf(most.closure) };
}
