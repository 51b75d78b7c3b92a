/** What a tick load is asked to do: who reads the feed, in which format, for how long. */

import { isIpv4Loopback } from '../client/source-addresses.ts';
import type { LoadProgress } from '../load-observer.ts';

/**
 * `lean` walks the frames of the shared read buffer itself; `ws` is the library, a callback and a `JSON.parse` a
 * message; the two browser readers are a headless Chromium page that puts every message into the DOM, or the
 * latest ones once a frame.
 */
export const TICK_READERS = ['lean', 'ws', 'browser-naive', 'browser-sampled'] as const;
export type TickReaderKind = (typeof TICK_READERS)[number];

export const TICK_FORMATS = ['json', 'binary'] as const;
export type TickFormat = (typeof TICK_FORMATS)[number];

/** Of how many messages one is timed where a plan does not say: messages of one read share their receipt. */
export const DEFAULT_TIME_EVERY = 16;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECTS_IN_FLIGHT = 100;
const DEFAULT_DRAIN_TIMEOUT_MS = 10_000;

/** Only for the browser readers. */
export interface TickBrowserPlan {
  /** Origin of a running {@link TickPage}; the target must allow it. */
  readonly pageOrigin: string;
  /** @defaultValue Debian's Chromium, or another one that is found */
  readonly executablePath?: string;
  /** Where a picture of the page goes (PNG), taken as the measured window ends, while ticks still come. */
  readonly screenshotFile?: string;
}

/** Carried out by `LoadCoordinator.ticks`. */
export interface TickPlan {
  /** Any WebSocket address of the server: `/ticks` stands beside it. */
  readonly target: { readonly wsUrl: string };
  readonly reader: TickReaderKind;
  /** Connections, slow readers included. A browser reader is one. */
  readonly readers: number;
  /** Of these, the last ones: they stop reading, and stand outside the ledger. */
  readonly slowReaders: number;
  /** How long before the measured window they stop, within the warm-up: their buffers fill meanwhile. @defaultValue 0 */
  readonly slowBeforeMs?: number;
  readonly format: TickFormat;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** What readers are called in `identify` and `stats`; from the second one on with `-2`, `-3` … behind it. */
  readonly clientId: string;
  /** How often each reader acknowledges what it received; 0 leaves that out. */
  readonly ackEveryMs: number;
  /** Every how many-th message is timed; counting is never sampled. @defaultValue 16 */
  readonly timeEvery?: number;
  /** For an upgrade up to its hello. @defaultValue 10,000 */
  readonly connectTimeoutMs?: number;
  /** Handshakes one worker keeps open at a time. @defaultValue 100 */
  readonly connectsInFlight?: number;
  /** For the closing handshakes. @defaultValue 10,000 */
  readonly drainTimeoutMs?: number;
  readonly browser?: TickBrowserPlan;
}

/** A plan with every default in it. */
export type FullTickPlan = TickPlan &
  Required<
    Pick<TickPlan, 'slowBeforeMs' | 'timeEvery' | 'connectTimeoutMs' | 'connectsInFlight' | 'drainTimeoutMs'>
  >;

/** Fills in what the plan left out. */
export function fullTickPlan(plan: TickPlan): FullTickPlan {
  return {
    ...plan,
    slowBeforeMs: plan.slowBeforeMs ?? 0,
    timeEvery: plan.timeEvery ?? DEFAULT_TIME_EVERY,
    connectTimeoutMs: plan.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    connectsInFlight: plan.connectsInFlight ?? DEFAULT_CONNECTS_IN_FLIGHT,
    drainTimeoutMs: plan.drainTimeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS,
  };
}

/** Where the plan's readers connect to. */
export function tickUrl({ target, format }: Pick<TickPlan, 'target' | 'format'>): URL {
  const url = new URL('ticks', target.wsUrl);
  url.searchParams.set('format', format);
  return url;
}

/** Whether latencies can be told: the target's clock is that of this machine. */
export function isSharedClock({ target }: Pick<TickPlan, 'target'>): boolean {
  const { hostname } = new URL(target.wsUrl);
  return isIpv4Loopback(hostname) || hostname === '[::1]';
}

/** What reader number `index` (from 0) is called. */
export function readerId(clientId: string, index: number): string {
  return index === 0 ? clientId : `${clientId}-${index + 1}`;
}

export function isBrowserReader(reader: TickReaderKind): boolean {
  return reader === 'browser-naive' || reader === 'browser-sampled';
}

/**
 * The phases of a tick load, in order. `hold`: the window is over and everyone is still connected and reading (the
 * moment to read the server's own figures). After `close` every connection is gone, and the ledger is closed.
 */
export const TICK_PHASES = ['connect', 'warm-up', 'measure', 'hold', 'close'] as const;
export type TickPhase = (typeof TICK_PHASES)[number];

export interface TickObserver {
  /** Called as a phase begins; the load waits for it, except in `measure`, which starts on time. */
  phase(phase: TickPhase): Promise<void> | void;
  /**
   * A running total about twice a second, over all workers. `lost`: numbers of the feed never seen and not called
   * skipped; 0 of a binary feed, which shows none.
   */
  progress(progress: LoadProgress): void;
}
