/** Findings about the rig, by tier. */

import { rigFindings } from '../../findings/rig.ts';
import { formatCount, formatList } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { JudgingContext } from '../checks/judging-context.ts';

export function tierRigFindings({ validity, range }: JudgingContext): readonly Finding[] {
  const places = validity.map(({ connections, problems }) => ({
    name: formatCount(connections),
    problems,
    isJudged: connections <= range.upTo,
  }));
  return rigFindings(places, {
    placesOf: (names) => `At ${formatList(names)} connections`,
    unjudged: 'This is above the judged range, so the verdict does not depend on it.',
  });
}
