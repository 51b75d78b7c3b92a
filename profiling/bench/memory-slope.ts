/** Bytes a connection, over several counts. */

import { fitLine } from '../analysis/least-squares.ts';

export interface MemoryPoint {
  readonly connections: number;
  readonly rssBytes: number;
}

/** @throws RangeError with fewer than three counts: two points always lie on a line */
export function fitMemorySlope(points: readonly MemoryPoint[]): {
  bytesPerConnection: number;
  /** Half the width of the 95 % confidence interval. */
  ci95Bytes: number;
} {
  const fit = fitLine(points.map(({ connections, rssBytes }) => ({ x: connections, y: rssBytes })));
  if (fit === null || fit.slopeHigh === null) {
    throw new RangeError(`expected at least 3 counts; received ${points.length}`);
  }
  return { bytesPerConnection: fit.slope, ci95Bytes: fit.slopeHigh - fit.slope };
}
