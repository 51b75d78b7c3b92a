/** Counts first: what the server tracks must be back at its baseline when everyone has left, to the last entry. */

import type { Growth, GrowthKind } from '../../analysis/lifecycle-growth.ts';
import { formatNamedGrowth } from '../growth-text.ts';
import { formatList } from '../quantities.ts';
import { holds, type Limits, THRESHOLDS } from '../thresholds.ts';
import type { Check } from '../verdict.ts';

export type LifecycleCheckName = 'structures' | 'listeners' | 'timers' | 'classes' | 'fds';

interface CountedKind {
  readonly name: LifecycleCheckName;
  readonly kind: GrowthKind;
  /** `things`: how many of them grew; `entries`: by how much they grew together. */
  readonly counts: 'things' | 'entries';
}

const COUNTED: readonly CountedKind[] = [
  { name: 'structures', kind: 'structure', counts: 'things' },
  { name: 'listeners', kind: 'listener', counts: 'entries' },
  { name: 'timers', kind: 'timers', counts: 'entries' },
  { name: 'classes', kind: 'class', counts: 'things' },
  { name: 'fds', kind: 'fds', counts: 'entries' },
];

/** What was seen of the target, twice. */
export interface LifecycleSeen {
  readonly limits: Limits;
  /** Null where it could not be compared. */
  readonly growth: readonly Growth[] | null;
  /** Whether instances were counted both times. */
  readonly countsClasses: boolean;
  /** Why there is nothing to compare, in a sentence without a full stop. */
  readonly unseen: string;
  /** Why growth may be somebody else's; null where it can be nobody's but the server's. */
  readonly doubt: string | null;
}

/** Said where the target does not let itself be looked into. */
export const HOW_TO_SEE =
  'the target does not show what it tracks: --admin <address> and --admin-token <token> let the profiler ask (a touchline server logs where its token is)';

export function lifecycleChecks(seen: LifecycleSeen): readonly Check[] {
  return COUNTED.map((counted) => ({ ...base(counted.name, seen), ...judge(counted, seen) }));
}

type Judged = Pick<Check, 'observed' | 'verdict' | 'detail'>;

function judge({ name, kind, counts }: CountedKind, seen: LifecycleSeen): Judged {
  const figures = seen.growth?.filter((figure) => figure.kind === kind) ?? null;
  if (figures === null) return { observed: null, verdict: 'inconclusive', detail: seen.unseen };
  if (kind === 'class' && !seen.countsClasses) {
    const detail = 'the target does not count the instances of its classes';
    return { observed: null, verdict: 'inconclusive', detail };
  }
  if (figures.length === 0) return { observed: null, verdict: 'n/a', detail: 'the system does not tell' };
  const grown = figures.filter(({ excess }) => excess > 0);
  const observed =
    counts === 'things' ? grown.length : grown.reduce((total, { excess }) => total + excess, 0);
  const said = grown.length === 0 ? [] : [formatList(grown.map(formatNamedGrowth))];
  if (holds(name, observed, seen.limits)) return { observed, verdict: 'pass', ...detailOf(said) };
  if (seen.doubt !== null) {
    return { observed, verdict: 'inconclusive', ...detailOf([...said, seen.doubt]) };
  }
  return { observed, verdict: 'fail', ...detailOf(said) };
}

function detailOf(parts: readonly string[]): Pick<Check, 'detail'> {
  return parts.length === 0 ? {} : { detail: parts.join('; ') };
}

function base(name: LifecycleCheckName, { limits }: LifecycleSeen) {
  return { name, title: THRESHOLDS[name].title, threshold: limits[name], unit: 'count' } as const;
}
