/** Findings about the rig itself: what kept the measurement from being trusted. */

import { RIG_ADVICE } from '../../findings/rig-advice.ts';
import { formatCount, formatList } from '../../quantities.ts';
import type { Finding, ValidityCode } from '../../verdict.ts';
import type { JudgingContext } from '../checks/judging-context.ts';

/** One finding for each kind of problem, with the tiers that had it. */
export function rigFindings({ validity, range }: JudgingContext): readonly Finding[] {
  const tiersByCode = new Map<ValidityCode, { tiers: number[]; sentence: string }>();
  for (const { connections, problems } of validity) {
    for (const { code, sentence } of problems) {
      const known = tiersByCode.get(code) ?? { tiers: [], sentence };
      tiersByCode.set(code, { tiers: [...new Set([...known.tiers, connections])], sentence: known.sentence });
    }
  }
  return [...tiersByCode].map(([code, { tiers, sentence }]) => {
    const [title, where, todo] = RIG_ADVICE[code];
    const beyond = tiers.every((connections) => connections > range.upTo);
    const note = beyond ? ' This is above the judged range, so the verdict does not depend on it.' : '';
    const at = `At ${formatList(tiers.map(formatCount))} connections: ${sentence}.`;
    return { title, seen: `${at}${note}`, where, todo };
  });
}
