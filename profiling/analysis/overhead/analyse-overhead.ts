/** From turns to what each delivered for its CPU time and how fast, and from rounds to ratios; no judgement here. */

import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { ArmName, OverheadPart, OverheadRecord } from '../../record/overhead-record.ts';
import { analyseTier } from '../analyse-tier.ts';
import type { OverheadAnalysis, RoundRatio, TurnAnalysis } from './overhead-analysis.ts';

/** No server of this scenario is looked at while it idles. */
const NO_IDLE = { memory: null, cpuCores: null } as const;

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function analyseOverhead(record: OverheadRecord): OverheadAnalysis {
  const { calibration, target, arms } = record;
  const turns = record.turns.flatMap(({ round, tier, parts }) => {
    const analysed = analyseTier(tier, { calibration, target, idle: NO_IDLE });
    return parts.map((part) => ({
      round,
      arm: part.arm,
      tier: analysed,
      cpuCores: part.cpuSeconds === null || part.seconds === 0 ? null : part.cpuSeconds / part.seconds,
      deliveriesPerCpuSecond: efficiencyOf(part),
      latency: part.latency === undefined ? null : decodeHistogram(part.latency),
    }));
  });
  return { arms, turns };
}

function efficiencyOf({ cpuSeconds, deliveries }: OverheadPart): number | null {
  return cpuSeconds === null || cpuSeconds <= 0 || deliveries === 0 ? null : deliveries / cpuSeconds;
}

/** The ratio of an arm to the one it is compared with, for each round that has both. */
export function roundRatios(
  turns: readonly TurnAnalysis[],
  arm: ArmName,
  comparedWith: ArmName,
): readonly RoundRatio[] {
  const of = (name: ArmName) =>
    new Map(turns.flatMap((turn) => (turn.arm === name ? [[turn.round, turn.deliveriesPerCpuSecond]] : [])));
  const others = of(comparedWith);
  return [...of(arm)].flatMap(([round, own]) => {
    const other = others.get(round) ?? null;
    return own === null || other === null ? [] : [{ round, ratio: own / other }];
  });
}
