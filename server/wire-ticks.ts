/** Wires the tick feed: its limits and names from the settings, its endpoint on the hub. */

import { closingLimits, type TickLimitSettings } from './features/ticks/tick-limits.ts';
import type { CrossOrigin } from './features/ticks/tick-routes.ts';
import { Ticks } from './features/ticks/ticks.ts';
import { TicksEndpoint } from './features/ticks/ticks-endpoint.ts';
import type { Hub } from './hub/hub.ts';
import type { SettingValues } from './settings.ts';
import { isLoopback } from './transport/client-address.ts';

export interface TickWiring {
  readonly hub: Hub;
  readonly settings: SettingValues;
  readonly onDefect: (error: unknown) => void;
  /** Takes the telemetry, a line at a time; absent when nobody looks on. */
  readonly print?: (line: string) => void;
}

/** The feed, and what happens on `/ticks`. */
export interface WiredTicks {
  readonly ticks: Ticks;
  readonly endpoint: TicksEndpoint;
}

export function wireTicks({ hub, settings, onDefect, print }: TickWiring): WiredTicks {
  const limits: TickLimitSettings = {
    maxReaderBytes: settings.TICK_READER_BUFFER_BYTES,
    maxTotalBytes: settings.TICK_TOTAL_BUFFER_BYTES,
    maxNaiveBytes: settings.TICK_NAIVE_BUFFER_BYTES,
    maxAgeMs: settings.TICK_MAX_AGE_MS,
    closeAgeMs: settings.WS_MAX_BUFFERED_AGE_MS,
    messagesPerSecond: settings.WS_RATE_LIMIT_PER_SEC,
  };
  const ticks = new Ticks({
    hub,
    maxRate: settings.MAX_TICK_RATE,
    limits,
    onDefect,
    ...(print === undefined ? {} : { print }),
  });
  const closing = closingLimits(limits, () => ticks.config.values.fanOut);
  return { ticks, endpoint: new TicksEndpoint({ hub, ticks, limits: closing }) };
}

/** On loopback every page may read and set the feed; elsewhere those that may connect. */
export function tickCrossOrigin({ HOST, ALLOWED_ORIGINS }: SettingValues): CrossOrigin {
  return isLoopback(HOST) ? '*' : ALLOWED_ORIGINS;
}
