/** A pass in words: what the server held, what that cost, and how far beyond it went. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import {
  formatAskedRate,
  formatBytes,
  formatConnections,
  formatCores,
  formatCount,
  formatMs,
} from '../quantities.ts';
import { MIN_CONNECTIONS_FOR_COSTS } from '../thresholds.ts';
import { brokenThresholds } from '../tier-figures.ts';
import { doubtsAt, type JudgingContext } from './checks/judging-context.ts';

/** Without the word "Pass" and the full stop. */
export function passedSentence(context: JudgingContext): string {
  const told = highestHeld(context);
  if (told === undefined) return 'every check held';
  const { delivery, server } = told;
  const cost = [
    delivery.p99Ms === null ? null : `99 % of deliveries within ${formatMs(delivery.p99Ms)}`,
    server.cpuAboveIdleCores === null ? null : `${formatCores(server.cpuAboveIdleCores)} of server CPU`,
    memoryPart(context),
  ].filter((part) => part !== null);
  const said = cost.length === 0 ? '' : `: ${cost.join(', ')}`;
  return `the server held ${formatConnections(told.connected)} at ${formatAskedRate(told.broadcasts.requestedPerSecond)} broadcasts/s, and every message arrived once and in order${said}${beyondPart(told, context)}`;
}

/** The largest tier that holds every limit on a healthy rig, all smaller ones holding too; the judged one at least. */
function highestHeld(context: JudgingContext): TierAnalysis | undefined {
  const { range, analysis } = context;
  let highest = range.standIn ?? range.tiers.at(-1) ?? analysis.tiers.at(-1);
  for (const tier of range.beyond) {
    if (isBroken(tier, context) || isDoubtful(tier, context)) break;
    highest = tier;
  }
  return highest;
}

/** What is said of larger tiers: they kept every message, or the run would not have passed. */
function beyondPart(told: TierAnalysis, context: JudgingContext): string {
  const above = context.analysis.tiers.filter((tier) => tier.connections > told.connections);
  const largest = above.at(-1);
  if (largest === undefined) return '';
  const broken = above.filter((tier) => isBroken(tier, context));
  const doubt = above.some((tier) => isDoubtful(tier, context)) ? 'the measurement there is in doubt' : null;
  const from = formatCount(told.connections);
  const kept = `${formatCount(largest.connected)} connected${largest.ledger.lost === 0 ? ' and nothing was lost' : ''}`;
  const what = broken.length === 0 ? null : `${costsBroken(broken, context)} broke its limits`;
  return `; ${kept}, but above ${from} ${[what, doubt].filter((part) => part !== null).join(', and ')}`;
}

function costsBroken(tiers: readonly TierAnalysis[], { limits }: JudgingContext): string {
  const names = tiers.flatMap((tier) => brokenThresholds(tier, limits));
  return names.every((name) => name === 'cpu-per-1000') ? 'server CPU' : 'latency';
}

function isBroken(tier: TierAnalysis, { limits }: JudgingContext): boolean {
  return brokenThresholds(tier, limits).length > 0;
}

function isDoubtful(tier: TierAnalysis, context: JudgingContext): boolean {
  return doubtsAt(context, tier.connections).length > 0;
}

function memoryPart({ analysis }: JudgingContext): string | null {
  const slope = analysis.memory.rss?.slope ?? 0;
  const largest = analysis.tiers.at(-1)?.connections ?? 0;
  return slope > 0 && largest >= MIN_CONNECTIONS_FOR_COSTS
    ? `${formatBytes(slope)} of memory for each connection`
    : null;
}
