import { closingLimits, type TickLimitSettings } from '../features/ticks/tick-limits.ts';
import { Ticks } from '../features/ticks/ticks.ts';
import { TicksEndpoint } from '../features/ticks/ticks-endpoint.ts';
import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import { createFakeClock } from './fake-clock.ts';
import { FakeTimers } from './fake-timers.ts';
import { makeHub } from './make-hub.ts';
import { TickSocket } from './tick-socket.ts';

/** Limits that a test meets when it says so. */
export const TICK_LIMITS: TickLimitSettings = {
  maxReaderBytes: 100_000,
  maxTotalBytes: 10_000_000,
  maxNaiveBytes: 2_000_000,
  maxAgeMs: 1_000,
  closeAgeMs: 10_000,
  messagesPerSecond: 10,
};

/** In November 2025. */
const EPOCH_MS = 1_763_689_000_123;

export interface TestTicks {
  readonly hub: Hub;
  readonly ticks: Ticks;
  readonly endpoint: TicksEndpoint;
  readonly timers: FakeTimers;
  readonly defects: unknown[];
  readonly printed: string[];
  /** A new reader on a socket of its own. */
  open(query?: string): { readonly socket: TickSocket; readonly connection: Connection };
}

/** A feed on a clock and timers of the test. */
export function makeTicks(limits: Partial<TickLimitSettings> = {}, maxRate = 1_000_000): TestTicks {
  const clock = createFakeClock(EPOCH_MS);
  const { hub } = makeHub({}, { clock });
  const timers = new FakeTimers(clock);
  const defects: unknown[] = [];
  const printed: string[] = [];
  const settings = { ...TICK_LIMITS, ...limits };
  const ticks = new Ticks({
    hub,
    maxRate,
    limits: settings,
    timers,
    onDefect: (error) => defects.push(error),
    print: (line) => printed.push(line),
  });
  const closing = closingLimits(settings, () => ticks.config.values.fanOut);
  const endpoint = new TicksEndpoint({ hub, ticks, limits: closing });
  return {
    hub,
    ticks,
    endpoint,
    timers,
    defects,
    printed,
    open(query = '') {
      const socket = new TickSocket();
      const request = { remoteAddress: '127.0.0.1', query: new URLSearchParams(query) };
      return { socket, connection: endpoint.opened(socket, request) };
    },
  };
}

/** Lets time pass; after each ms everything that is due is made, since a turn may end before that. */
export function runTicks({ timers, ticks }: TestTicks, ms: number): void {
  const { schedule } = ticks.feed;
  for (let left = ms; left > 0; left -= 1) {
    timers.advance(1);
    let isMore = true;
    while (isMore && schedule.due(ticks.clock.nowNs()) > 0) isMore = timers.turn();
  }
}
