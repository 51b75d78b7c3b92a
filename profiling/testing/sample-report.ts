/** Two fixed runs to render: one that passes, and one in which much goes wrong. */

import { analyseConcurrency } from '../analysis/concurrency/analyse-concurrency.ts';
import type { ConcurrencyRecord } from '../record/concurrency-record.ts';
import type { JudgedConcurrency } from '../report/concurrency/concurrency-report.ts';
import { judgeConcurrency } from '../verdict/concurrency/judge-concurrency.ts';
import { sampleRecord } from './sample-record.ts';
import { sampleTier } from './sample-tier.ts';

export function judged(record: ConcurrencyRecord): JudgedConcurrency {
  const analysis = analyseConcurrency(record);
  return { record, analysis, verdict: judgeConcurrency(record, analysis) };
}

export function healthyRun(): JudgedConcurrency {
  return judged(sampleRecord());
}

/** A fault that drops messages, a starved machine at the top, refused connections, changed limits, an interrupt. */
export function troubledRun(): JudgedConcurrency {
  const dropped = sampleTier(500, {
    durationMs: 4_000,
    ledger: { lost: 202, unique: 19_798, received: 19_798 },
  });
  const refused = sampleTier(1_000, {
    durationMs: 4_000,
    delayMs: 90,
    load: {
      machineCpuRatio: 0.97,
      connect: {
        ...dropped.load.connect,
        attempted: 1_000,
        connected: 900,
        failures: [{ reason: 'http_503', count: 100 }],
      },
    },
  });
  const counters = { ...dropped.serverCounters, droppedByReason: { fault: 202 } };
  return judged(
    sampleRecord({
      outcome: { state: 'interrupted', message: 'stopped by Ctrl-C in the tier of 1,000' },
      faults: ['drop-deliveries=1%'],
      thresholds: { p99: 80 },
      calibration: null,
      command: 'npm run profile:concurrency -- --fault "drop-deliveries=1%" --out "<b>x</b>|y"',
      tiers: [sampleTier(10), sampleTier(100), { ...dropped, serverCounters: counters }, refused],
    }),
  );
}
