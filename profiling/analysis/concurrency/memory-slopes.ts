/** What a connection weighs in the server: slopes over several counts, never one division. */

import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { fitLine } from '../least-squares.ts';
import type { LineFit } from '../line-fit.ts';
import type { MemorySlopes } from './concurrency-analysis.ts';

type MemoryFigure = 'rssBytes' | 'heapUsedBytes' | 'externalBytes' | 'kernelSocketBytes';

/** Least squares over the idle server and every tier, with the load ended and all connections open. */
export function memorySlopes(record: ConcurrencyRecord): MemorySlopes {
  const samples = [record.idle.memory, ...record.tiers.map((tier) => tier.memory)].filter(
    (sample) => sample !== null,
  );
  return {
    rss: slopeOf(samples, 'rssBytes'),
    heapUsed: slopeOf(samples, 'heapUsedBytes'),
    external: slopeOf(samples, 'externalBytes'),
    kernelSockets: slopeOf(samples, 'kernelSocketBytes'),
    forcedGc: samples.length > 0 && samples.every((sample) => sample.forcedGc),
  };
}

function slopeOf(samples: readonly MemorySample[], figure: MemoryFigure): LineFit | null {
  const points = samples.flatMap((sample) => {
    const bytes = sample[figure];
    return bytes === null ? [] : [{ x: sample.connections, y: bytes }];
  });
  return fitLine(points);
}
