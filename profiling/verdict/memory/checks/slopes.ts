/** Then the effect: how surely the server's memory grows with each connection. */

import type { TheilSenFit } from '../../../analysis/theil-sen.ts';
import { formatBytes, formatCount } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import type { MemoryContext } from '../memory-context.ts';

/** One-sided 95 % needs four points: three rise by chance in one case of six. */
export const MIN_CYCLES = 4;
/** From here the interval of a clean server's slope stays well within the limit. */
export const ENOUGH_CYCLES = 10;
/**
 * A clean server's heap grows by about 10 KB a cycle however few connections it has (compiled code, feedback): spread
 * over fewer connections than these, that alone is more than the limit.
 */
export const MIN_CONNECTIONS_PER_CYCLE = 50;

const SLOPES = [
  ['heap-slope', 'heapUsed'],
  ['external-slope', 'external'],
] as const;
type SlopeName = (typeof SLOPES)[number][0];

export function slopeChecks(context: MemoryContext): readonly Check[] {
  return SLOPES.map(([name, figure]) => slopeCheck(name, context.analysis.slopes[figure], context));
}

interface Found {
  readonly verdict: Check['verdict'];
  readonly detail: string;
}

function slopeCheck(name: SlopeName, fit: TheilSenFit | null, context: MemoryContext): Check {
  const found = judge(name, fit, context);
  return {
    name,
    title: THRESHOLDS[name].title,
    threshold: context.limits[name],
    observed: found.verdict === 'n/a' ? null : (fit?.lowerBound ?? null),
    unit: 'bytes',
    ...found,
  };
}

function judge(name: SlopeName, fit: TheilSenFit | null, { analysis, record, limits }: MemoryContext): Found {
  const cycles = analysis.measured.length;
  if (analysis.measured.every(({ collected }) => collected === null)) {
    const detail = 'the target does not show its memory: --metrics <address> shows it';
    return { verdict: 'inconclusive', detail };
  }
  if (cycles < MIN_CYCLES) {
    return { verdict: 'n/a', detail: `a 95 % bound needs ${MIN_CYCLES} cycles; there are ${cycles}` };
  }
  if (record.connections < MIN_CONNECTIONS_PER_CYCLE) {
    const detail = `needs cycles of ${MIN_CONNECTIONS_PER_CYCLE} connections: below, what V8 compiles weighs more than the limit for each`;
    return { verdict: 'n/a', detail };
  }
  if (fit === null || fit.lowerBound === null) {
    return { verdict: 'inconclusive', detail: 'not every cycle has a reading of it' };
  }
  if (!analysis.forcedGc) {
    // Who tells what it tracks took the token.
    const remedy =
      analysis.growth === null
        ? '--admin-token <token> lets the profiler force it'
        : 'start the target with node --expose-gc, as npm start does';
    const detail = `${formatSlope(fit)} without forced collection, which garbage moves by more: ${remedy}`;
    return { verdict: 'inconclusive', detail };
  }
  const detail = `${formatSlope(fit)}; observed is its one-sided lower 95 % bound`;
  return { verdict: holds(name, fit.lowerBound, limits) ? 'pass' : 'fail', detail };
}

/** `slope 78 B, 95 % CI 20 B to 130 B, over 10 cycles`. */
export function formatSlope({ slope, interval, points }: TheilSenFit): string {
  const between =
    interval === null
      ? 'too few cycles for a two-sided 95 % CI'
      : `95 % CI ${formatBytes(interval[0])} to ${formatBytes(interval[1])}`;
  return `slope ${formatBytes(slope)}, ${between}, over ${formatCount(points.length)} cycles`;
}

/** Whether the cycles were enough; null where they were plenty. */
export function cyclesNote({ analysis, record }: MemoryContext): string | null {
  const cycles = analysis.measured.length;
  if (cycles === 0 || cycles >= ENOUGH_CYCLES || record.outcome.state !== 'completed') return null;
  const counts = `${cycles} ${cycles === 1 ? 'cycle is' : 'cycles are'} enough for the counts, which are exact with any number of cycles`;
  if (cycles < MIN_CYCLES) {
    return `${counts}, but not for the growth of memory: its 95 % bound needs ${MIN_CYCLES} cycles, and ${ENOUGH_CYCLES} make it narrow (--cycles ${ENOUGH_CYCLES}).`;
  }
  const interval = analysis.slopes.heapUsed?.interval ?? null;
  const width =
    interval === null
      ? 'has a lower bound only'
      : `is known to within ${formatBytes(interval[1] - interval[0])} a connection`;
  return `${counts}; the growth of the heap ${width}, which ${ENOUGH_CYCLES} cycles would narrow (--cycles ${ENOUGH_CYCLES}).`;
}
