/** Findings about latency: the cause is looked for in the server's figures at the worst second. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ProfiledFunction } from '../../record/profile-record.ts';
import { formatBytes, formatCores, formatMs } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { breachSentence, culpritOf, functionText } from './breach-text.ts';

/** Loop delay of half the latency or more explains it. */
const EXPLAINS_RATIO = 0.5;
const FULL_CORE = 0.9;
/** More than this queued for all connections together means that clients, not the server, are slow to read. */
const QUEUED_BYTES = 1_000_000;

interface Cause {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
}

/** Where a latency was too high. */
export interface LatencyPlace {
  /** `at 1,000 connections` */
  readonly at: string;
  readonly faults: readonly string[];
}

/** @param check the percentile that broke its limit */
export function latencyFinding(check: Check, tier: TierAnalysis, place: LatencyPlace): Finding {
  const latencyMs = check.observed ?? 0;
  const cause = faultCause(place.faults, culpritOf(tier.breach)) ?? causeOf(tier, latencyMs);
  const second = tier.worstSecond;
  const worst =
    second === null
      ? ''
      : ` The worst second began ${(second.elapsedMs / 1_000).toFixed(0)} s into the window: p99 ${formatMs(second.p99Ms)}, at most ${formatMs(second.maxMs)}, typically ${formatMs(second.typicalP99Ms)}.`;
  return {
    ...cause,
    seen: `Delivery ${check.name} was ${formatMs(latencyMs)} ${place.at}.${worst}${serverThen(tier)}${breachSentence(tier)}`,
  };
}

function serverThen(tier: TierAnalysis): string {
  const sample = tier.worstSecond?.server;
  if (sample === null || sample === undefined) return '';
  return ` The server then: ${formatCores(sample.cpuCores)} of CPU, loop delay p99 ${formatMs(sample.loopDelayP99Ms)}, ${formatBytes(sample.sendQueueBytes)} unsent, ${formatMs(sample.gcMsPerSecond)} of garbage collection a second.`;
}

function faultCause(faults: readonly string[], culprit: ProfiledFunction | null): Cause | null {
  if (faults.length === 0) return null;
  return {
    title: 'Deliveries are slow with a fault switched on',
    where: `the fault ${faults.join(', ')}${culprit === null ? '' : `: ${functionText(culprit)}`}`,
    todo: 'Nothing: this is the positive control. Run again without --fault.',
  };
}

function causeOf(tier: TierAnalysis, latencyMs: number): Cause {
  const sample = tier.worstSecond?.server ?? null;
  const cpuCores = Math.max(tier.server.cpuCores ?? 0, sample?.cpuCores ?? 0);
  const loopMs = Math.max(tier.server.window.loopDelayP99Ms ?? 0, sample?.loopDelayP99Ms ?? 0);
  const culprit = culpritOf(tier.breach);
  if (cpuCores >= FULL_CORE) {
    return {
      title: "The server's core is full",
      where:
        culprit === null
          ? 'server/hub/fan-out.ts and the socket writes behind it: one broadcast costs one write for each member'
          : functionText(culprit),
      todo: `${profileAdvice(culprit)}, lower the rate, or spread the connections over more server processes.`,
    };
  }
  if (loopMs >= EXPLAINS_RATIO * latencyMs) {
    return {
      title: "Something blocks the server's event loop",
      where:
        culprit === null
          ? 'code that runs long without giving way; a CPU profile names it'
          : `${functionText(culprit)}, which runs long without giving way`,
      todo: `${profileAdvice(culprit)} and look for the widest frame that is no socket write.`,
    };
  }
  if ((sample?.sendQueueBytes ?? 0) >= QUEUED_BYTES) {
    return {
      title: 'Messages wait in send queues',
      where: 'server/hub/backpressure.ts: bytes handed over that the kernel has not taken',
      todo: 'Look at touchline_slow_consumers: clients read more slowly than the server sends.',
    };
  }
  return {
    title: 'Deliveries wait although the server is not busy',
    where:
      'between publishing and the socket: a timer, a batch, a store or a backplane that the message waits for',
    todo: 'Compare service time with response time below; if both are high, follow one message through the server.',
  };
}

function profileAdvice(culprit: ProfiledFunction | null): string {
  return culprit === null
    ? 'Take a CPU profile at this load (--profile cpu)'
    : 'Open the profile of that load';
}
