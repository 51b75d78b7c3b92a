/** The metrics of the scripts, as k6 wants them: made once, while a script is read. */

import { Counter, Rate, Trend } from 'k6/metrics';
import { AMISS_KINDS, METRICS } from '../lib/metric-names.ts';

const TIME = true;

export const connectsAttempted = new Counter(METRICS.connectsAttempted);
export const connectFailures = new Counter(METRICS.connectFailures);
export const connectDuration = new Trend(METRICS.connectDuration, TIME);
export const disconnects = new Counter(METRICS.disconnects);
export const connectionsEnded = new Counter(METRICS.connectionsEnded);
export const broadcastsSent = new Counter(METRICS.broadcastsSent);
export const broadcastsAccepted = new Counter(METRICS.broadcastsAccepted);
export const publishFailures = new Counter(METRICS.publishFailures);
export const scheduleLag = new Trend(METRICS.scheduleLag, TIME);
export const deliveries = new Counter(METRICS.deliveries);
export const deliveryLatency = new Trend(METRICS.deliveryLatency, TIME);
export const deliveriesExpected = new Counter(METRICS.deliveriesExpected);
export const deliveriesAmiss = new Counter(METRICS.deliveriesAmiss);
export const errors = new Counter(METRICS.errors);
export const resumedMessages = new Counter(METRICS.resumedMessages);
export const recovered = new Rate(METRICS.recovered);
export const deliveredRatioHeld = new Rate(METRICS.deliveredRatioHeld);

/** A counter that was never added to is not sent; these shall show 0. Once a test is enough. */
export function showZeros(): void {
  for (const kind of AMISS_KINDS) deliveriesAmiss.add(0, { kind });
  for (const counter of [connectFailures, disconnects, publishFailures, errors])
    counter.add(0, { reason: 'none' });
}
