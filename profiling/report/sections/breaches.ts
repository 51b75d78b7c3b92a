/** What the server did under a load that broke a limit; nothing where none did. */

import type { BreachAnalysis } from '../../analysis/breach-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import { breachSentence, whatBroke, whatItDid } from '../../verdict/findings/breach-text.ts';
import { formatBytes, formatCores, formatMs, formatRate } from '../../verdict/quantities.ts';
import { formatInstant } from '../format.ts';
import { type Block, link, type RichText, type Section } from '../report-document.ts';
import { functionTable } from './profiles/function-blocks.ts';

const MOST_FUNCTIONS = 5;

/** @param nameOf names a tier in a sentence: `At 1,000 connections` */
export function breachSections(
  tiers: readonly TierAnalysis[],
  nameOf: (tier: TierAnalysis, index: number) => string,
): readonly Section[] {
  const blocks = tiers.flatMap((tier, index) =>
    tier.breach === null ? [] : breachBlocks(nameOf(tier, index), tier.breach),
  );
  if (blocks.length === 0) return [];
  return [{ id: 'breach', title: 'What broke a limit', blocks: [...blocks, HOW] }];
}

/** The same for the terminal: one sentence for each tier that broke while it was measured. */
export function breachNotes(
  tiers: readonly TierAnalysis[],
  nameOf: (tier: TierAnalysis, index: number) => string,
): readonly string[] {
  return tiers.flatMap((tier, index) =>
    tier.breach === null ? [] : [`${nameOf(tier, index)}${breachSentence(tier)}`],
  );
}

function breachBlocks(name: string, breach: BreachAnalysis): readonly Block[] {
  const { profile, server, seenAt } = breach;
  const file: RichText = profile === null ? [] : ['. Every sample of it: ', link(profile.file, profile.file)];
  const sentence: RichText = [
    `${name} ${whatBroke(breach)}, at ${formatInstant(seenAt)}. Under the same load once more, profiled, ${whatItDid(breach).replace(/\.$/, '')}`,
    ...file,
    '.',
  ];
  const figures: readonly Block[] =
    server === null
      ? []
      : [
          {
            kind: 'paragraph',
            text: `The server's figures of that second: ${formatCores(server.cpuCores)} of CPU, loop delay p99 ${formatMs(server.loopDelayP99Ms)}, ${formatMs(server.gcMsPerSecond)} of garbage collection a second, ${formatBytes(server.heapUsedBytes)} of heap, ${formatBytes(server.sendQueueBytes)} unsent, ${formatRate(server.deliveriesPerSecond)} deliveries.`,
          },
        ];
  return [{ kind: 'paragraph', text: sentence }, ...figures, ...functionsTable(breach)];
}

function functionsTable({ profile }: BreachAnalysis): readonly Block[] {
  if (profile === null || profile.functions.length === 0) return [];
  return [functionTable(profile.functions, { ofWhat: 'busy time', hasRooms: false, most: MOST_FUNCTIONS })];
}

const HOW: Block = {
  kind: 'paragraph',
  tone: 'muted',
  text: 'Taken without any option where live figures broke a limit twice in a row, twice a run at most: right after the tier the same load is run once more for two seconds, not measured, because a profile stops the server for a moment as it starts and costs some percent of its CPU. --profile cpu profiles every measured window.',
};
