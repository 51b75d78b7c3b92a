import { Hub, type HubLimits, type HubOptions } from '../hub/hub.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** Limits that no test meets by accident. */
export const GENEROUS_LIMITS: HubLimits = {
  maxBufferedBytes: 1_048_576,
  maxBufferedAgeMs: 10_000,
  messagesPerSecond: 1_000,
  maxSubscriptions: 1_000,
  maxIdleRooms: 1_000,
};

/** A hub on a clock of the test, which writes at once unless told otherwise. */
export function makeHub(
  limits: Partial<HubLimits> = {},
  more: Partial<HubOptions> = {},
): { readonly hub: Hub; readonly clock: FakeClock } {
  const clock = createFakeClock();
  const hub = new Hub({
    clock,
    epoch: 'e1',
    limits: { ...GENEROUS_LIMITS, ...limits },
    fanOut: 'framed',
    histogramBounds: { broadcastSeconds: [1], broadcastRecipients: [10] },
    ...more,
  });
  return { hub, clock };
}
