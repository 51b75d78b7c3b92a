/** The flame graph of one window, with what it says in words. */

import type { ProfiledCall } from '../../../record/profile-record.ts';
import { drawFlameGraph, type FlameGraph } from '../../charts/flame-graph.ts';
import { formatPlural } from '../../format.ts';
import type { Block } from '../../report-document.ts';

const EXPLAINED =
  'A call is as wide as what it took with all that it calls; callers stand below. Point at one to see its place.';

export function flameGraphBlocks(
  calls: readonly ProfiledCall[],
  { name, title, whole }: Pick<FlameGraph, 'name' | 'title' | 'whole'>,
): readonly Block[] {
  if (calls.length === 0) return [];
  const widest = calls.filter(({ caller }) => caller === -1).map(({ functionName }) => functionName);
  const alt = `${title}: ${formatPlural(calls.length, 'call')} of 0.5 % or more, callers below what they call; at the ground ${widest.slice(0, 3).join(', ')}`;
  return [
    { kind: 'charts', charts: [drawFlameGraph({ name, title, alt, whole, calls })] },
    { kind: 'paragraph', text: EXPLAINED, tone: 'muted' },
  ];
}
