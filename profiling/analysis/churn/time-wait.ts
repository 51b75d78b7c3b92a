/** Sockets in TIME_WAIT: how many there were, and which side they wait on. */

import type { ChurnRecord, ChurnSample, SocketCounts } from '../../record/churn-record.ts';
import type { TimeWaitFigures } from './churn-analysis.ts';

/** @returns null where the kernel's list of sockets says nothing about the target */
export function timeWaitFigures({ samples, baseline, environment }: ChurnRecord): TimeWaitFigures | null {
  const peak = samples.reduce<Seen | null>((most, sample) => {
    if (!isSeen(sample)) return most;
    return most === null || totalOf(sample.sockets) > totalOf(most.sockets) ? sample : most;
  }, null);
  if (peak === null || baseline.sockets === null) return null;
  return {
    peak: {
      elapsedMs: peak.elapsedMs,
      server: peak.sockets.serverTimeWait,
      client: peak.sockets.clientTimeWait,
    },
    baseline: { server: baseline.sockets.serverTimeWait, client: baseline.sockets.clientTimeWait },
    portsPerAddress: portsIn(environment.localPortRange),
  };
}

interface Seen extends ChurnSample {
  readonly sockets: SocketCounts;
}

function isSeen(sample: ChurnSample): sample is Seen {
  return sample.sockets !== null;
}

function totalOf({ serverTimeWait, clientTimeWait }: SocketCounts): number {
  return serverTimeWait + clientTimeWait;
}

/** @param range `32768–60999`, both included */
function portsIn(range: string | null): number | null {
  const match = /^(\d+)\D+(\d+)$/.exec(range ?? '');
  return match === null ? null : Number(match[2]) - Number(match[1]) + 1;
}
