/** What stopped a tier from going further: named from the evidence, most certain first. */

import type { TierAnalysis } from '../analysis/tier-analysis.ts';
import type { RunEnvelope } from '../record/run-envelope.ts';
import { loadSideShortage } from './load-side-limits.ts';
import {
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatPercent,
  formatQuantity,
  formatReasons,
} from './quantities.ts';
import { rigExplains } from './rig-share.ts';
import { formatLimit, type Limits, THRESHOLDS } from './thresholds.ts';
import { figureOf, type TierThreshold } from './tier-figures.ts';
import type { Limit, ValidityCode, ValidityProblem } from './verdict.ts';

/** One JavaScript thread has one core; at nine tenths of it queues grow faster than they drain. */
const FULL_CORE_RATIO = 0.9;
/** A loop this late in the worst hundredth of the time delays every message it handles. */
const LATE_LOOP_MS = 20;
const FULL_FDS_RATIO = 0.95;
/** A fifth of the time spent collecting garbage is memory pressure, whatever the heap's size. */
const GC_PRESSURE_RATIO = 0.2;
const FULL_MEMORY_RATIO = 0.9;

const GENERATOR_CODES: ReadonlySet<ValidityCode> = new Set([
  'generator-cpu',
  'generator-loop',
  'rate-not-achieved',
  'identical-ceilings',
]);

const MACHINE_CODES: ReadonlySet<ValidityCode> = new Set(['machine-cpu', 'other-load']);

/** What is known of a tier when its limit is named. */
export interface Evidence {
  readonly tier: TierAnalysis;
  readonly broken: readonly TierThreshold[];
  readonly problems: readonly ValidityProblem[];
  readonly record: Pick<RunEnvelope, 'environment'>;
  readonly limits: Limits;
}

/** Names what limited one tier; `none` when it held everything on a healthy rig. */
export function limitOfTier(evidence: Evidence): Limit {
  const { broken, problems } = evidence;
  const own = loadSideShortageLimit(evidence);
  if (own !== null) return own;
  if (broken.length === 0) {
    const doubts = problems.filter((problem) => problem.code !== 'other-load');
    return rigLimit(doubts) ?? { kind: 'none', sentence: doubts[0]?.sentence ?? 'held everything' };
  }
  const rig = rigLimit(problems);
  const said = brokenSentence(evidence);
  const server = serverLimit(evidence);
  const doubt = rig?.sentence ?? problems[0]?.sentence;
  // All are told; the kind is the rig's only where the rig alone can have broken every one of them.
  const cause = (isRigs(evidence) ? rig : null) ?? server ?? { kind: 'threshold' as const };
  const parts = [
    ...(server === null ? [] : [server.sentence]),
    said,
    ...(doubt === undefined ? [] : [`and the rig was doubtful: ${doubt}`]),
  ];
  return { kind: cause.kind, sentence: parts.join('; ') };
}

function isRigs({ tier, broken, problems, limits }: Evidence): boolean {
  return broken.every((name) => rigExplains({ name, value: figureOf(name, tier) ?? 0, problems }, limits));
}

/** `a limit broke: delivery latency p95 69 ms (limit < 50 ms)`. */
function brokenSentence({ tier, broken, limits }: Evidence): string {
  const said = broken.map(
    (name) =>
      `${THRESHOLDS[name].title.toLowerCase()} ${formatQuantity(figureOf(name, tier), THRESHOLDS[name].unit)} (limit ${formatLimit(name, limits[name])})`,
  );
  return `${said.length === 1 ? 'a limit' : 'limits'} broke: ${formatList(said)}`;
}

function loadSideShortageLimit({ tier }: Evidence): Limit | null {
  const failures = [...tier.failures.connect, ...tier.failures.publish];
  const own = failures.find((failure) => loadSideShortage(failure.reason) !== undefined);
  const shortage = own === undefined ? undefined : loadSideShortage(own.reason);
  if (own === undefined || shortage === undefined) return null;
  return { kind: shortage, sentence: `the load side ran out of ${shortage} (${formatReasons([own])})` };
}

function rigLimit(problems: readonly ValidityProblem[]): Limit | null {
  const generator = problems.find((problem) => GENERATOR_CODES.has(problem.code));
  if (generator !== undefined) return { kind: 'generator', sentence: generator.sentence };
  const machine = problems.find((problem) => MACHINE_CODES.has(problem.code));
  return machine === undefined ? null : { kind: 'machine', sentence: machine.sentence };
}

function serverLimit({ tier, record }: Evidence): Limit | null {
  const { window, cpuCores, gcRatio } = tier.server;
  const busy = Math.max(cpuCores ?? 0, window.loopUtilisationRatio ?? 0);
  if (window.openFds !== null && window.maxFds !== null && window.openFds >= FULL_FDS_RATIO * window.maxFds) {
    const said = `the server had ${formatCount(window.openFds)} of ${formatCount(window.maxFds)} file descriptors open`;
    return { kind: 'fds', sentence: said };
  }
  if (gcRatio !== null && gcRatio >= GC_PRESSURE_RATIO) {
    return {
      kind: 'memory',
      sentence: `the server spent ${formatPercent(gcRatio)} of its time collecting garbage`,
    };
  }
  const rssBytes = tier.memory?.rssBytes ?? null;
  if (rssBytes !== null && rssBytes >= FULL_MEMORY_RATIO * record.environment.memoryBytes) {
    return { kind: 'memory', sentence: "the server filled the machine's memory" };
  }
  if (busy >= FULL_CORE_RATIO) {
    return {
      kind: 'server-core',
      sentence: `the server's core was full (${formatCores(cpuCores)} used, loop ${formatPercent(window.loopUtilisationRatio)} busy)`,
    };
  }
  if (window.loopDelayP99Ms !== null && window.loopDelayP99Ms >= LATE_LOOP_MS) {
    return {
      kind: 'server-loop',
      sentence: `the server's event loop was ${formatMs(window.loopDelayP99Ms)} late at p99`,
    };
  }
  return null;
}
