/** Entry of the process that compares heap snapshots: one order, one answer. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { findGrowth } from '../heap/find-growth.ts';
import type { ComparisonAnswer, ComparisonOrder } from './compare-snapshots.ts';

process.once('message', (message) => {
  // The parent is compare-snapshots.ts.
  void answer(message as ComparisonOrder).then((said) => process.send?.(said, () => process.disconnect()));
});

async function answer({
  files,
  connections,
  allocations,
  projectFolder,
}: ComparisonOrder): Promise<ComparisonAnswer> {
  try {
    const [first = '', second = '', ...rest] = files;
    const [third] = rest;
    return {
      growth: await findGrowth({
        connections,
        projectFolder,
        ...(allocations === null ? {} : { allocations }),
        files: third === undefined ? [first, second] : [first, second, third],
      }),
    };
  } catch (error) {
    if (error instanceof TouchlineError) return { code: error.code, message: error.message };
    return { code: 'TL_INTERNAL', message: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}
