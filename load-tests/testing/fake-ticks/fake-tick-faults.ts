/** What a fake tick feed can do wrong, and how often it did. */

/** `…Every: n` is done to each connection's n-th, 2n-th … tick. Done to the same tick, the first one named is. */
export interface FakeTickFaults {
  readonly dropEvery?: number;
  /** Sent twice in a row. */
  readonly duplicateEvery?: number;
  /** Changes places with the one behind it. */
  readonly swapEvery?: number;
  /** Has the time of the one before it. */
  readonly shareEvery?: number;
  /** No tick any more: JSON loses its second half, a binary one names a symbol that is not there. */
  readonly corruptEvery?: number;
  /** From here on `ticks` are left out, and a `conflated` says so. */
  readonly conflate?: { readonly every: number; readonly ticks: number };
  /** A text message nobody knows follows. */
  readonly foreignEvery?: number;
  /** All ticks are sent so much later than they are dated. */
  readonly delayMs?: number;
  /** Connections are cut, without a close frame, behind this tick. */
  readonly cutAt?: number;
  /** Upgrades never get their hello. */
  readonly isMute?: boolean;
  /** The hello names this format, whatever was asked for. */
  readonly helloFormat?: string;
  /** A close frame gets no answer. */
  readonly isDeafToClosing?: boolean;
}

/** What went out, and how often each wrong was done, over all connections. */
export interface FakeTickCounts {
  /** Tick messages written. */
  given: number;
  /** Numbers left out, as later ticks of the same connection show: a last one that is left out shows nowhere. */
  missing: number;
  dropped: number;
  duplicated: number;
  swapped: number;
  shared: number;
  corrupt: number;
  /** Left out, and said so. */
  skipped: number;
  conflations: number;
  /** Dropped before each connection's last word on skipping. */
  short: number;
  foreign: number;
}

export function noTickCounts(): FakeTickCounts {
  return {
    given: 0,
    missing: 0,
    dropped: 0,
    duplicated: 0,
    swapped: 0,
    shared: 0,
    corrupt: 0,
    skipped: 0,
    conflations: 0,
    short: 0,
    foreign: 0,
  };
}
