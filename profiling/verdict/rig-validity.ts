/** When the figures of any load must not be trusted: a sick generator, a full machine, an unsteady or broken window. */

import type { ServerCost, TierAnalysis, WorkerHealth } from '../analysis/tier-analysis.ts';
import type { RunEnvelope } from '../record/run-envelope.ts';
import { formatCount, formatMs, formatPercent } from './quantities.ts';
import type { ValidityCode, ValidityProblem } from './verdict.ts';

const MAX_WORKER_CPU_RATIO = 0.8;
const MAX_MACHINE_CPU_RATIO = 0.9;
/** Half a core of two: less moves latencies by less than runs differ anyway. */
const MAX_OTHERS_CPU_RATIO = 0.25;

/** What a load's health depends on beside its own figures. */
export type Rig = Pick<RunEnvelope, 'target' | 'environment'>;

type Figures<Name extends keyof TierAnalysis> = Pick<TierAnalysis, Name>;
type Problems = readonly ValidityProblem[];

/** Nothing can be said about how much such a problem adds. */
export const ANY_AMOUNT = Number.POSITIVE_INFINITY;

export function problem(code: ValidityCode, sentence: string, couldAddMs: number): ValidityProblem {
  return { code, sentence, couldAddMs };
}

export function workerName(worker: WorkerHealth): string {
  return worker.role === 'publisher' ? 'the publisher' : `generator worker ${worker.worker}`;
}

export function generatorCpu(tier: Figures<'workers'>): Problems {
  const busiest = largest(tier.workers, (worker) => worker.cpuRatio);
  if (busiest === null || busiest.cpuRatio <= MAX_WORKER_CPU_RATIO) return [];
  const said = `${workerName(busiest)} used ${formatPercent(busiest.cpuRatio)} of a core (limit ${formatPercent(MAX_WORKER_CPU_RATIO)})`;
  return [problem('generator-cpu', said, ANY_AMOUNT)];
}

export function machineCpu(tier: Figures<'machineCpuRatio'>): Problems {
  const { machineCpuRatio } = tier;
  if (machineCpuRatio === null || machineCpuRatio <= MAX_MACHINE_CPU_RATIO) return [];
  const said = `the machine of the generator was ${formatPercent(machineCpuRatio)} busy (limit ${formatPercent(MAX_MACHINE_CPU_RATIO)})`;
  return [problem('machine-cpu', said, ANY_AMOUNT)];
}

export function generatorLoop(tier: Figures<'workers'>): Problems {
  const worst = largest(tier.workers, (worker) => worker.loopDelayP99Ms - worker.loopDelayLimitMs);
  if (worst === null || worst.loopDelayP99Ms <= worst.loopDelayLimitMs) return [];
  const said = `the event loop of ${workerName(worst)} was ${formatMs(worst.loopDelayP99Ms)} late at p99 (limit ${formatMs(worst.loopDelayLimitMs)})`;
  return [problem('generator-loop', said, worst.loopDelayP99Ms)];
}

export function negativeLatency(tier: Figures<'negativeLatencies'>): Problems {
  if (tier.negativeLatencies === 0) return [];
  const said = `${formatCount(tier.negativeLatencies)} messages arrived before they were sent: the clocks disagree`;
  return [problem('negative-latency', said, ANY_AMOUNT)];
}

export function notSteady({ steadiness }: Figures<'steadiness'>): Problems {
  if (steadiness.state !== 'not-steady') return [];
  return [problem('not-steady', `the window was not steady: ${steadiness.detail}`, 0)];
}

export function windowCutShort(tier: Figures<'state' | 'measuredMs' | 'measureRequestedMs'>): Problems {
  if (tier.state === 'completed') return [];
  const why = tier.state === 'interrupted' ? 'the run was interrupted' : 'every connection ended early';
  const said = `the window was cut short (${why}): ${formatMs(tier.measuredMs)} of ${formatMs(tier.measureRequestedMs)}`;
  return [problem('window-cut-short', said, 0)];
}

/**
 * Work of others on the machine slows what shares its cores: with fair shares, by no more than the part it takes.
 * It can excuse a breach, but where every limit holds all the same it proves nothing wrong.
 */
export function otherLoad(
  tier: Figures<'machineCpuRatio' | 'workers'> & { readonly server: Pick<ServerCost, 'cpuCores'> },
  record: Rig,
): Problems {
  const { cores } = record.environment;
  const serverCores = record.target.sharesMachine ? tier.server.cpuCores : 0;
  if (tier.machineCpuRatio === null || serverCores === null) return [];
  const own = tier.workers.reduce((total, worker) => total + worker.cpuRatio, serverCores);
  const ratio = Math.min(MAX_MACHINE_CPU_RATIO, tier.machineCpuRatio - own / cores);
  if (ratio <= MAX_OTHERS_CPU_RATIO) return [];
  const said = `other processes used ${formatPercent(ratio)} of the machine (worth knowing above ${formatPercent(MAX_OTHERS_CPU_RATIO)})`;
  return [{ ...problem('other-load', said, 0), couldStretch: 1 / (1 - ratio) }];
}

function largest(
  workers: readonly WorkerHealth[],
  figure: (worker: WorkerHealth) => number,
): WorkerHealth | null {
  return workers.reduce<WorkerHealth | null>(
    (found, worker) => (found === null || figure(worker) > figure(found) ? worker : found),
    null,
  );
}
