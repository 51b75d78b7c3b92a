/** Findings: what was seen, where, and what to do about it. */

import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import type { Finding } from '../verdict.ts';
import { type JudgingContext, loadOf } from './checks/judging-context.ts';
import { capacityFindings } from './findings/capacity.ts';
import { costFindings } from './findings/costs.ts';
import type { Judged } from './findings/judged.ts';
import { tierRigFindings } from './findings/rig.ts';

/** The gravest first. */
export function findingsOf(context: JudgingContext, judged: Judged): readonly Finding[] {
  return [
    ...integrityFindings(loadOf(context), judged.checks),
    ...connectionFindings(loadOf(context), judged.checks),
    ...costFindings(context, judged.checks),
    ...tierRigFindings(context),
    ...capacityFindings(context, judged),
  ];
}
