/** The text messages beside the ticks: the hello, and word of what was skipped. Runs in a browser too. */

/** How far before the hello a tick may be dated, and how far behind it: beyond that its time is no time. */
const EARLIEST_MS = 3_600_000;
const LATEST_MS = 30 * 24 * 3_600_000;

/** What a server says first. */
export interface TickHello {
  readonly symbols: readonly string[];
  /** Both readings of one moment, ns. */
  readonly hrtimeNs: bigint;
  readonly epochNs: bigint;
  readonly format: string;
  /** The last tick that was made before this connection: the next one is its first. */
  readonly seq: number;
}

export type TickControl =
  | { readonly type: 'hello'; readonly hello: TickHello }
  | { readonly type: 'conflated'; readonly skipped: number; readonly upToCount: number }
  /** A text that is neither. */
  | { readonly type: 'foreign' };

const FOREIGN: TickControl = { type: 'foreign' };

/** Reads a text message that is no tick. */
export function readTickControl(text: string): TickControl {
  const message = parseObject(text);
  if (message['type'] === 'conflated') {
    const { skipped, upToCount } = message;
    return isCount(skipped) && isCount(upToCount) ? { type: 'conflated', skipped, upToCount } : FOREIGN;
  }
  if (message['type'] !== 'hello') return FOREIGN;
  const hello = readHello(message);
  return hello === null ? FOREIGN : { type: 'hello', hello };
}

function readHello(message: Readonly<Record<string, unknown>>): TickHello | null {
  const { symbols, clock, format, seq } = message;
  if (!isSymbols(symbols) || typeof format !== 'string' || !isCount(seq)) return null;
  const { hrtimeNs, epochNs } = asObject(clock);
  if (!isNanoseconds(hrtimeNs) || !isNanoseconds(epochNs)) return null;
  return { symbols, hrtimeNs: BigInt(hrtimeNs), epochNs: BigInt(epochNs), format, seq };
}

/** Dates between which a tick of this server must be, epoch ms. */
export interface TickDates {
  readonly earliestMs: number;
  readonly latestMs: number;
}

export function tickDates({ epochNs }: Pick<TickHello, 'epochNs'>): TickDates {
  const helloMs = Number(epochNs / 1_000_000n);
  return { earliestMs: helloMs - EARLIEST_MS, latestMs: helloMs + LATEST_MS };
}

/** What to add to a tick's time, in epoch µs, to have it on the monotonic clock that processes of one machine share. */
export function toMonotonicUs({ hrtimeNs, epochNs }: Pick<TickHello, 'hrtimeNs' | 'epochNs'>): number {
  return Number(hrtimeNs - epochNs) / 1_000;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isSymbols(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((symbol) => typeof symbol === 'string');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isNanoseconds(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}
