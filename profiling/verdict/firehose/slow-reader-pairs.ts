/** The same load without and with a reader that stopped, mode by mode: what the server did, and what the others felt. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { TickSetup } from '../../record/firehose-record.ts';
import { formatMs } from '../quantities.ts';
import type { FirehoseContext, JudgedCell } from './firehose-context.ts';

/** What the others may wait longer before it is more than a nuisance: a fifth. */
export const FELT_RATIO = 1.2;
/** Below this the feed fell behind; as with what must be delivered, two per cent are left to the edges of windows. */
const LEAST_OFFERED_RATIO = 0.98;
/** Two windows with the same load differ by less than this. */
const NOISE_MS = 2;

/** `spared`: no difference beyond what two windows differ by. `unknown`: there is one, and the rig may be why. */
export type SlowReaderEffect = 'spared' | 'held-up' | 'unknown';

export interface SlowReaderPair {
  readonly mode: TickSetup['mode'];
  readonly without: CellAnalysis;
  readonly withSlow: CellAnalysis;
  /** p99 of the others with ÷ without; null with too few ticks. */
  readonly p99Ratio: number | null;
  readonly effect: SlowReaderEffect;
  /** What is to be concluded for the others, in a sentence. */
  readonly conclusion: string;
}

export function slowReaderPairs({ cells }: FirehoseContext): readonly SlowReaderPair[] {
  const slow = cells.filter(({ part }) => part === 'slow');
  return slow
    .filter(({ setup }) => setup.slowReaders > 0)
    .flatMap((withSlow) => {
      const without = slow.find(({ setup }) => setup.slowReaders === 0 && setup.mode === withSlow.setup.mode);
      return without === undefined ? [] : [pairOf(without, withSlow)];
    });
}

function pairOf(without: JudgedCell, withSlow: JudgedCell): SlowReaderPair {
  const { mode } = withSlow.setup;
  const [before, after] = [without.latency.p99Ms, withSlow.latency.p99Ms];
  const sides = { mode, without, withSlow };
  if (before === null || after === null) {
    return { ...sides, p99Ratio: null, effect: 'unknown', conclusion: 'Too few ticks to compare.' };
  }
  const said = `p99 of the others ${formatMs(before)} without, ${formatMs(after)} with`;
  const p99Ratio = before === 0 ? null : after / before;
  if (isOverrun(without)) {
    const conclusion = `Nothing can be concluded for the others: in this mode the server cannot keep up with as many readers that all read (${said}).`;
    return { ...sides, p99Ratio, effect: 'unknown', conclusion };
  }
  if (after <= FELT_RATIO * before) {
    return { ...sides, p99Ratio, effect: 'spared', conclusion: `The others did not feel it: ${said}.` };
  }
  if (after - before <= NOISE_MS) {
    const conclusion = `${said}: less than the ${NOISE_MS} ms that two windows with the same load differ by.`;
    return { ...sides, p99Ratio, effect: 'spared', conclusion };
  }
  const isSick = [without, withSlow].some(({ problems }) =>
    problems.some(({ code }) => code !== 'not-steady'),
  );
  if (isSick) {
    const conclusion = `Nothing can be concluded: ${said}, and the rig was not healthy.`;
    return { ...sides, p99Ratio, effect: 'unknown', conclusion };
  }
  const isNoise = after - before <= apartOf(without, withSlow);
  return isNoise
    ? {
        ...sides,
        p99Ratio,
        effect: 'spared',
        conclusion: `${said}: no more than the halves of one window differ by.`,
      }
    : { ...sides, p99Ratio, effect: 'held-up', conclusion: `The others waited longer: ${said}.` };
}

/** Offered to each reader less than was asked for, so that everything waits with or without a reader that stops. */
function isOverrun({ rates, setup }: JudgedCell): boolean {
  return rates.offered !== null && rates.offered < LEAST_OFFERED_RATIO * setup.rate * setup.readers;
}

/** How far apart the halves of one window are: as much comes of nothing. */
function apartOf(...cells: readonly JudgedCell[]): number {
  return Math.max(
    ...cells.map(({ steadiness: { firstHalf, secondHalf } }) =>
      Math.abs((firstHalf.p99Ms ?? 0) - (secondHalf.p99Ms ?? 0)),
    ),
  );
}
