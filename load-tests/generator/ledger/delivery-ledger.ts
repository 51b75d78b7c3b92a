/**
 * What each client of a worker received, as counts: typed arrays and a window of bits a client, no object a
 * message. The parent settles the books ({@link settleLedger}) once it knows which broadcasts were accepted.
 */

/** Sequence numbers a client tells apart behind its highest one; a power of two, so that a mask wraps them. */
export const WINDOW_BITS = 1_024;
const WINDOW_WORDS = WINDOW_BITS / 32;

/** Where a client stands towards the room. */
export const MEMBERSHIP = { none: 0, member: 1, left: 2, ended: 3 } as const;

/** One worker's books: a column per field, a row per client. */
export interface LedgerBooks {
  readonly membership: Uint8Array;
  /** The window of offsets a client is owed: `(from, to]`. `to` counts for those that left. */
  readonly fromOffset: Float64Array;
  readonly toOffset: Float64Array;
  readonly highestOffset: Float64Array;
  /** When the connection ended, µs; for `ended` only. */
  readonly endedUs: Float64Array;
  /** The highest offset that any client of the worker had seen by then; for `ended` only. */
  readonly endedOffset: Float64Array;
  readonly unique: Float64Array;
  /** Messages of someone else while the client was a member: they take offsets of the room too. */
  readonly foreignToMember: Float64Array;
  readonly duplicated: number;
  readonly outOfOrder: number;
  readonly wrongRoom: number;
  readonly foreign: number;
  readonly corrupt: number;
}

/** Counts deliveries as they come. Allocates nothing after construction. */
export class DeliveryLedger {
  readonly #membership: Uint8Array;
  readonly #fromOffset: Float64Array;
  readonly #toOffset: Float64Array;
  readonly #highestOffset: Float64Array;
  readonly #endedUs: Float64Array;
  readonly #endedOffset: Float64Array;
  readonly #unique: Float64Array;
  readonly #foreignToMember: Float64Array;
  readonly #highestSeq: Float64Array;
  readonly #window: Uint32Array;
  #roomOffset = 0;
  #received = 0;
  #gaps = 0;
  #duplicated = 0;
  #outOfOrder = 0;
  #wrongRoom = 0;
  #foreign = 0;
  #corrupt = 0;

  constructor(clients: number) {
    this.#membership = new Uint8Array(clients);
    this.#fromOffset = new Float64Array(clients);
    this.#toOffset = new Float64Array(clients);
    this.#highestOffset = new Float64Array(clients);
    this.#endedUs = new Float64Array(clients);
    this.#endedOffset = new Float64Array(clients);
    this.#unique = new Float64Array(clients);
    this.#foreignToMember = new Float64Array(clients);
    this.#highestSeq = new Float64Array(clients).fill(-1);
    this.#window = new Uint32Array(clients * WINDOW_WORDS);
  }

  /** Messages of the room so far, whatever they were. */
  get received(): number {
    return this.#received;
  }

  /** Offsets that were skipped so far: lost, unless they come late. */
  get gaps(): number {
    return Math.max(this.#gaps, 0);
  }

  /** The client is a member from the message after `offset` on. */
  joined(client: number, offset: number): void {
    if (this.#membership[client] !== MEMBERSHIP.none) return;
    this.#membership[client] = MEMBERSHIP.member;
    this.#fromOffset[client] = offset;
    this.#highestOffset[client] = offset;
  }

  /** The server confirmed that `offset` was the last one. */
  left(client: number, offset: number): void {
    if (this.#membership[client] !== MEMBERSHIP.member) return;
    this.#membership[client] = MEMBERSHIP.left;
    this.#toOffset[client] = offset;
  }

  /** The connection ended, or did not answer any more, while the client was a member. */
  ended(client: number, atUs: number): void {
    if (this.#membership[client] !== MEMBERSHIP.member) return;
    this.#membership[client] = MEMBERSHIP.ended;
    this.#endedUs[client] = atUs;
    this.#endedOffset[client] = this.#roomOffset;
  }

  isMember(client: number): boolean {
    return this.#membership[client] === MEMBERSHIP.member;
  }

  hasLeft(client: number): boolean {
    return this.#membership[client] === MEMBERSHIP.left;
  }

  /**
   * A message of the room that carries this run's entry `seq`.
   *
   * @returns whether it is the client's first copy
   */
  delivery(client: number, offset: number, seq: number): boolean {
    if (!this.isMember(client) || offset <= (this.#fromOffset[client] ?? 0)) {
      this.#wrongRoom += 1;
      return false;
    }
    this.#received += 1;
    const isLate = offset < (this.#highestOffset[client] ?? 0);
    if (this.#isRepeated(client, offset, seq)) {
      this.#duplicated += 1;
      this.#passOffset(client, offset, false);
      return false;
    }
    this.#unique[client] = (this.#unique[client] ?? 0) + 1;
    if (isLate) this.#outOfOrder += 1;
    this.#passOffset(client, offset, true);
    return true;
  }

  /**
   * {@link delivery} for `count` messages of consecutive offsets and numbers, from `offset` and `seq` on, where they are
   * what the client is due next; by far the most are.
   *
   * @returns false where they are not: nothing is counted then
   */
  deliveriesInOrder(client: number, offset: number, seq: number, count: number): boolean {
    const isNext = offset - 1 === this.#highestOffset[client] && seq - 1 === this.#highestSeq[client];
    if (!isNext || !this.isMember(client) || count > WINDOW_BITS) return false;
    this.#received += count;
    this.#unique[client] = (this.#unique[client] ?? 0) + count;
    const last = offset + count - 1;
    this.#highestOffset[client] = last;
    if (last > this.#roomOffset) this.#roomOffset = last;
    this.#highestSeq[client] = seq + count - 1;
    this.#markSeen(client, seq, count);
    return true;
  }

  /** A message of the room that is not of this run. */
  foreign(client: number, offset: number): void {
    this.#received += 1;
    this.#foreign += 1;
    if (!this.isMember(client)) return;
    this.#foreignToMember[client] = (this.#foreignToMember[client] ?? 0) + 1;
    this.#passOffset(client, offset, true);
  }

  /** A message of a room that the client is no member of. */
  wrongRoom(): void {
    this.#wrongRoom += 1;
  }

  /** A message that could not be parsed. */
  corrupt(): void {
    this.#corrupt += 1;
  }

  books(): LedgerBooks {
    return {
      membership: this.#membership,
      fromOffset: this.#fromOffset,
      toOffset: this.#toOffset,
      highestOffset: this.#highestOffset,
      endedUs: this.#endedUs,
      endedOffset: this.#endedOffset,
      unique: this.#unique,
      foreignToMember: this.#foreignToMember,
      duplicated: this.#duplicated,
      outOfOrder: this.#outOfOrder,
      wrongRoom: this.#wrongRoom,
      foreign: this.#foreign,
      corrupt: this.#corrupt,
    };
  }

  /** Keeps the count of skipped offsets: a jump opens gaps, a late first copy fills one. */
  #passOffset(client: number, offset: number, isFirstCopy: boolean): void {
    const highest = this.#highestOffset[client] ?? 0;
    if (offset > highest) {
      this.#gaps += offset - highest - 1;
      this.#highestOffset[client] = offset;
      if (offset > this.#roomOffset) this.#roomOffset = offset;
    } else if (isFirstCopy) {
      this.#gaps -= 1;
    }
  }

  /**
   * Marks `seq` as seen. One older than the window is new where it stands at an offset above all that the client
   * has: a saturated server answers thousands of requests in another order than they were sent. Else it counts as
   * repeated: it can't be proven new, and so a fault is never hidden (its first copy is lost, this one surplus).
   */
  #isRepeated(client: number, offset: number, seq: number): boolean {
    const highest = this.#highestSeq[client] ?? -1;
    if (seq <= highest - WINDOW_BITS) return offset <= (this.#highestOffset[client] ?? 0);
    if (seq > highest) this.#slideWindow(client, highest, seq);
    const word = client * WINDOW_WORDS + ((seq & (WINDOW_BITS - 1)) >>> 5);
    const bit = 1 << (seq & 31);
    const bits = this.#window[word] ?? 0;
    this.#window[word] = bits | bit;
    return (bits & bit) !== 0;
  }

  /** Sets the bits of `count` numbers from `seq` on, a word at a time. */
  #markSeen(client: number, seq: number, count: number): void {
    let [at, left] = [seq, count];
    while (left > 0) {
      const taken = Math.min(left, 32 - (at & 31));
      const word = client * WINDOW_WORDS + ((at & (WINDOW_BITS - 1)) >>> 5);
      const bits = taken === 32 ? -1 : ((1 << taken) - 1) << (at & 31);
      this.#window[word] = (this.#window[word] ?? 0) | bits;
      at += taken;
      left -= taken;
    }
  }

  #slideWindow(client: number, from: number, to: number): void {
    this.#highestSeq[client] = to;
    const base = client * WINDOW_WORDS;
    if (to - from >= WINDOW_BITS) {
      this.#window.fill(0, base, base + WINDOW_WORDS);
      return;
    }
    for (let seq = from + 1; seq <= to; seq += 1) {
      const word = base + ((seq & (WINDOW_BITS - 1)) >>> 5);
      this.#window[word] = (this.#window[word] ?? 0) & ~(1 << (seq & 31));
    }
  }
}
