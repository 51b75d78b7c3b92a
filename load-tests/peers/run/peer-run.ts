/** One peer and its readers: started, read, stopped. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { PeerListening } from '../contract/peer-announcement.ts';
import type { PeerPlan } from '../contract/peer-plan.ts';
import type { ReaderEnd, ReaderResult } from '../reader/reader-plan.ts';
import { hasSequence, PEERS } from './peer-catalogue.ts';
import { startPeer } from './peer-process.ts';
import type { PreparedPeer } from './prepared-peers.ts';
import { runReader, type WindowObserver } from './run-reader.ts';

export interface PeerRun {
  readonly peer: PreparedPeer;
  readonly plan: PeerPlan;
  readonly end: ReaderEnd;
  /** One message of so many is timed. */
  readonly sampledEvery: number;
  /** Makes what watches the window, once it is known which process serves. */
  readonly watch?: (listening: PeerListening) => WindowObserver;
}

/**
 * Runs it in fresh processes.
 *
 * @throws TouchlineError when the peer does not start or a reader loses its connection
 */
export async function runPeer({ peer, plan, end, sampledEvery, watch }: PeerRun): Promise<ReaderResult> {
  const { framing, wrapsAt, isPrepared, hasControlTexts } = PEERS[peer.name];
  const started = await startPeer(peer.command, plan);
  if (started.kind === 'unavailable') throw new TouchlineError('TL_SERVER_START_FAILED', started.reason);
  const { listening } = started;
  try {
    const readerPlan = {
      port: listening.port,
      path: listening.path,
      readers: plan.readers,
      shape: {
        format: plan.format,
        framing,
        hasSequence: hasSequence(peer.name, plan.format),
        wrapsAt,
        sampledEvery: isPrepared && plan.ratePerSecond === 0 ? 0 : sampledEvery,
      },
      end,
      // What was left out is told behind it: only then is the account complete.
      closesCleanly: hasControlTexts,
    };
    return await runReader(readerPlan, watch?.(listening));
  } finally {
    await started.stop();
  }
}
