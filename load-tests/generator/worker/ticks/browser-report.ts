/** Makes a worker's report of what a page counted. Pure. */

import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { LatencyCounts, PageReport } from '../../ticks/browser/page-contract.ts';
import type { TickMeterReport } from '../../ticks/tick-messages.ts';

/** Of a page that never connected. */
export const NOTHING_METERED: TickMeterReport = {
  received: 0,
  skipped: 0,
  bytes: 0,
  firstHalf: new LatencyHistogram().encode(),
  secondHalf: new LatencyHistogram().encode(),
  negative: 0,
  seconds: [],
};

export function meterReportOf(page: PageReport): TickMeterReport {
  return {
    ...page.measured,
    firstHalf: histogramOf(page.firstHalf, 3).encode(),
    secondHalf: histogramOf(page.secondHalf, 3).encode(),
    negative: page.negative,
    seconds: page.seconds.map(({ received, latency }) => ({
      received,
      latency: histogramOf(latency, 2).encode(),
    })),
  };
}

function histogramOf(counts: LatencyCounts, digits: 2 | 3): LatencyHistogram {
  const histogram = new LatencyHistogram(digits);
  for (const [us, count] of counts) histogram.recordMany(us, count);
  return histogram;
}
