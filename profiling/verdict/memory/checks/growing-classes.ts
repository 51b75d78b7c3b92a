/** Named causes: classes and collections of which each half of the cycles left more behind, as three heap snapshots show. */

import { formatCount, formatList } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import { heldText, rootsOf } from '../growing-words.ts';
import { judgedGrowth } from '../judged-growth.ts';
import type { MemoryContext } from '../memory-context.ts';
import { visitors } from './counts.ts';

export function growingClassesCheck(context: MemoryContext): Check {
  const { record, limits } = context;
  const base = {
    name: 'growing-classes',
    title: THRESHOLDS['growing-classes'].title,
    threshold: limits['growing-classes'],
    unit: 'count',
  } as const;
  const { heapGrowth } = record;
  if (heapGrowth == null) {
    // The counts decide alone.
    const detail = record.noHeapGrowth ?? 'no heap snapshots were taken';
    return { ...base, observed: null, verdict: 'n/a', detail };
  }
  const observed = judgedGrowth(heapGrowth).length;
  if (holds('growing-classes', observed, limits)) return { ...base, observed, verdict: 'pass' };
  const roots = rootsOf(heapGrowth);
  const others = observed - roots.length;
  const said = `${formatList(roots.map(heldText))}${others === 0 ? '' : `; with them ${formatCount(others)} more classes`}`;
  const doubt = visitors(context);
  return {
    ...base,
    observed,
    verdict: doubt === null ? 'fail' : 'inconclusive',
    detail: doubt === null ? said : `${said}; ${doubt}`,
  };
}
