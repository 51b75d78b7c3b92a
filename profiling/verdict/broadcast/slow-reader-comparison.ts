/** Whether readers that stopped reading slowed the others, or whether two windows merely differ. */

import type { SlowReaderAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import { formatMs } from '../quantities.ts';
import type { JudgingContext } from './judging-context.ts';

/** Two windows with the same load differ by less than this, or by half as much again: see analysis/steadiness. */
const NOISE_MS = 2;
const NOISE_RATIO = 2;

/** `spared`: no difference that could be told from noise. `unknown`: there is one, and the rig may be why. */
export type SlowReaderEffect = 'spared' | 'held-up' | 'unknown';

/** The same load without and with readers that stopped. */
export interface SlowReaderComparison {
  readonly without: SlowReaderAnalysis;
  readonly withSlow: SlowReaderAnalysis;
  readonly effect: SlowReaderEffect;
  /** What is to be concluded from the two windows, in a sentence. */
  readonly conclusion: string;
}

const FIGURES = [
  ['p50', 'p50Ms'],
  ['p99', 'p99Ms'],
] as const;

/** @returns null when the comparison was not made */
export function compareSlowReaders({ analysis, loads }: JudgingContext): SlowReaderComparison | null {
  const without = analysis.slowReaders.find((side) => side.slowReaders === 0);
  const withSlow = analysis.slowReaders.find((side) => side.slowReaders > 0);
  if (without === undefined || withSlow === undefined) return null;
  const sides = { without, withSlow };
  const changes = FIGURES.map(([name, figure]) => changeOf(name, figure, [without, withSlow]));
  const felt = changes.filter(({ isFelt }) => isFelt);
  if (felt.length === 0) return { ...sides, effect: 'spared', conclusion: sparedSentence(changes) };
  const isSick = loads.some(
    ({ tier, allProblems }) =>
      (tier === without.tier || tier === withSlow.tier) &&
      allProblems.some(({ code }) => code !== 'not-steady'),
  );
  return { ...sides, effect: isSick ? 'unknown' : 'held-up', conclusion: feltSentence(felt, isSick) };
}

interface Change {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly isFelt: boolean;
}

function changeOf(
  name: string,
  figure: 'p50Ms' | 'p99Ms',
  sides: readonly [without: SlowReaderAnalysis, withSlow: SlowReaderAnalysis],
): Change {
  const [before, after] = [sides[0].tier.delivery[figure], sides[1].tier.delivery[figure]];
  // How far apart the halves of one window are: as much comes of nothing.
  const withinMs = Math.max(
    ...sides.map(({ tier: { steadiness } }) =>
      Math.abs((steadiness.firstHalf[figure] ?? 0) - (steadiness.secondHalf[figure] ?? 0)),
    ),
  );
  const isFelt =
    before !== null &&
    after !== null &&
    after - before > Math.max(NOISE_MS, withinMs) &&
    after > NOISE_RATIO * before;
  return { name, before, after, isFelt };
}

function sparedSentence(changes: readonly Change[]): string {
  const compared = changes.filter(({ before, after }) => before !== null && after !== null);
  if (compared.length === 0) return 'Too few deliveries to compare.';
  const said = compared.map(
    ({ name, before, after }) => `${name} ${formatMs(before)} without, ${formatMs(after)} with`,
  );
  return `No difference that can be told from noise: ${said.join('; ')}. Less than a doubling, or no more than the halves of one window differ by, is noise.`;
}

function feltSentence(felt: readonly Change[], isSick: boolean): string {
  const said = felt
    .map(({ name, before, after }) => `${name} rose from ${formatMs(before)} to ${formatMs(after)}`)
    .join(', ');
  return isSick
    ? `Nothing can be concluded: ${said}, and the rig was not healthy.`
    : `The others waited longer: ${said}, more than double, and more than the halves of one window differ by.`;
}
