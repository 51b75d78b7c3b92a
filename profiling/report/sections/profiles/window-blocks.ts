/** Every window that was profiled, with a link to the file that holds every sample of it. */

import type { ProfiledFunction } from '../../../record/profile-record.ts';
import { formatPercent } from '../../../verdict/quantities.ts';
import { type Block, type Cell, cell, link } from '../../report-document.ts';

/** What the linked files are for. */
export const OPENS_IN =
  'The profiles open in speedscope and in the DevTools of Chrome (Performance or Memory, “Load profile”).';

export interface ProfiledWindow {
  readonly step: string;
  readonly file: string;
  readonly amount: string;
  readonly functions: readonly ProfiledFunction[];
}

export interface WindowBlocksOptions {
  /** Head of the column of amounts. */
  readonly amount: string;
  /** How many were profiled; of some the file was not kept. */
  readonly windows: number;
}

export function windowBlocks(
  profiled: readonly ProfiledWindow[],
  { amount, windows }: WindowBlocksOptions,
): readonly Block[] {
  const kept = windows > profiled.length ? `: the ${profiled.length} largest of ${windows}` : '';
  return [
    { kind: 'heading', text: `Every window${kept}` },
    {
      kind: 'table',
      columns: [
        { title: 'Window' },
        { title: amount, align: 'right' },
        { title: 'Hottest functions, self' },
        { title: 'Profile' },
      ],
      rows: profiled.map(windowRow),
    },
  ];
}

function windowRow({ step, file, amount, functions }: ProfiledWindow): readonly Cell[] {
  const hottest = functions
    .slice(0, 3)
    .map(({ functionName, selfRatio }) => `${functionName} ${formatPercent(selfRatio)}`);
  return [cell(step), cell(amount), cell(hottest.join(', ')), cell([link(file, file)])];
}
