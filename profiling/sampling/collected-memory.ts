/**
 * The target's memory right after a forced collection, as the collection itself tells it. A scrape tells it later, and
 * makes some hundred kilobytes of text first: of ten clean cycles that is most of what the heap seems to move.
 */

import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { MemorySample } from '../record/tier-record.ts';
import { type MemorySampleOptions, readKernelSocketBytes, takeMemorySample } from './memory-sample.ts';
import type { ServerObservation } from './server-view.ts';

const GcAnswer = Type.Object({
  after: Type.Object({
    rssBytes: Type.Number(),
    heapTotalBytes: Type.Number(),
    heapUsedBytes: Type.Number(),
    externalBytes: Type.Number(),
    arrayBuffersBytes: Type.Number(),
  }),
});

/**
 * Counting instances makes V8 forget what it learned of the types in compiled code. A plain collection, however often,
 * keeps that: a clean heap then seems to grow by 200 B a connection over ten cycles of 100, and by 60 to 100 B after it.
 * One class will do, since each costs a walk over the heap.
 */
const FORGET_TYPES = '/debug/class-counts?classes=Room';
/** What is forgotten goes with the collections that follow; after one, 200 KB come and go. */
const COLLECTIONS = 3;

/** @returns what a scrape tells where the target collects nothing; null where it shows no metrics either */
export async function takeCollectedMemory(
  server: ServerObservation,
  options: Omit<MemorySampleOptions, 'collect'>,
): Promise<MemorySample | null> {
  await server.askAdmin('POST', FORGET_TYPES);
  for (let earlier = 1; earlier < COLLECTIONS; earlier += 1) await server.askAdmin('POST', '/debug/gc');
  const answer = await server.askAdmin('POST', '/debug/gc');
  if (!Check(GcAnswer, answer)) return takeMemorySample(server, { ...options, collect: false });
  const { rssBytes, heapTotalBytes, heapUsedBytes, externalBytes, arrayBuffersBytes } = answer.after;
  return {
    connections: options.connections,
    forcedGc: true,
    rssBytes,
    heapTotalBytes,
    heapUsedBytes,
    externalBytes,
    arrayBuffersBytes,
    kernelSocketBytes: options.sharesMachine ? await readKernelSocketBytes() : null,
  };
}
