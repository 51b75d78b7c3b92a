/** How evenly a broadcast reaches its members. */

import { formatCount, formatMs } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { JudgingContext } from '../judging-context.ts';

/** A place in the room that costs less than this is no unfairness that anybody feels. */
const FELT_MS = 5;

export function fanOutFindings({ judged }: JudgingContext): readonly Finding[] {
  const fanOut = judged?.fanOut ?? null;
  if (judged === null || fanOut === null || fanOut.unfairnessMs === null) return [];
  if (Math.abs(fanOut.unfairnessMs) < FELT_MS) return [];
  const [first] = fanOut.positions;
  const last = fanOut.positions.at(-1);
  const late = fanOut.unfairnessMs > 0;
  return [
    {
      title: `Those who joined ${late ? 'last' : 'first'} get every message later`,
      seen: `At ${judged.label} the members ${formatCount(first?.from ?? null)} to ${formatCount(first?.to ?? null)} wait ${formatMs(first?.meanMs ?? null)} on average, the members ${formatCount(last?.from ?? null)} to ${formatCount(last?.to ?? null)} ${formatMs(last?.meanMs ?? null)}.`,
      where:
        'server/hub/fan-out.ts walks the members in the order they joined; one write comes after the other',
      todo: 'Make a write cheaper or begin each broadcast at another member, if places in the room must not matter.',
    },
  ];
}
