/**
 * The broadcasts that came last, as bytes and as what they say. All clients of a worker are sent the same frames: the first
 * that gets one has it read, and those that get the same bytes need only compare them.
 */

import type { ServerReading } from '../../../workloads/workload.ts';
import type { FrameBytes } from '../../client/frame-parser.ts';

/** Node reads up to 32 times 64 KiB of a socket before the next one has its turn: so far one client may be ahead. */
const CAPACITY_BYTES = 4 * 1024 * 1024;
/** A power of two, so that a mask makes a slot of an offset. */
const CAPACITY_FRAMES = 16_384;
const SLOT_MASK = CAPACITY_FRAMES - 1;

export interface SharedCapacity {
  readonly bytes: number;
}

/** Frames of consecutive offsets of one room, one behind the other in a ring: a new one takes the place of the oldest. */
export class SharedBroadcasts {
  readonly #bytes: Buffer;
  readonly #starts = new Uint32Array(CAPACITY_FRAMES);
  readonly #ends = new Uint32Array(CAPACITY_FRAMES);
  readonly #publishers = new Float64Array(CAPACITY_FRAMES);
  readonly #seqs = new Float64Array(CAPACITY_FRAMES);
  readonly #intendedUs = new Float64Array(CAPACITY_FRAMES);
  readonly #sentUs = new Float64Array(CAPACITY_FRAMES);
  /** The offset from which on each frame's sequence number is the one before it plus one, of the same publisher. */
  readonly #straightFrom = new Float64Array(CAPACITY_FRAMES);
  /** The oldest offset that is kept, and the one behind the newest. */
  #first = 0;
  #next = 0;
  /** Where the next frame goes, and where the lap before ended. */
  #writeAt = 0;
  #lapEnd = 0;

  constructor(capacity: SharedCapacity = { bytes: CAPACITY_BYTES }) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity.bytes);
  }

  /**
   * Keeps a frame that was read and is a delivery. One that does not follow the newest begins a new series; one that is
   * there already, or older than all, is not kept: who is so far behind reads for himself.
   *
   * @param reading what the frame says
   */
  keep({ bytes, start, end }: Readonly<FrameBytes>, reading: Readonly<ServerReading>): void {
    const { offset, entry } = reading;
    const length = end - start;
    if ((this.#next > this.#first && offset < this.#next) || length > this.#bytes.length) return;
    if (offset !== this.#next) this.#begin(offset);
    this.#makeRoom(length);
    bytes.copy(this.#bytes, this.#writeAt, start, end);
    const slot = offset & SLOT_MASK;
    this.#starts[slot] = this.#writeAt;
    this.#writeAt += length;
    this.#ends[slot] = this.#writeAt;
    this.#publishers[slot] = entry.publisher;
    this.#seqs[slot] = entry.seq;
    this.#intendedUs[slot] = entry.intendedUs;
    this.#sentUs[slot] = entry.sentUs;
    this.#straightFrom[slot] = this.#goesOn(offset)
      ? (this.#straightFrom[(offset - 1) & SLOT_MASK] ?? offset)
      : offset;
    this.#next += 1;
  }

  /**
   * Compares `bytes[start, end)` with the frames from `offset` on.
   *
   * @returns how many whole frames are the same, byte by byte; 0 as well where not all that were compared are so
   */
  sameFrames(offset: number, bytes: Buffer, start: number, end: number): number {
    if (offset < this.#first || offset >= this.#next) return 0;
    const from = this.#starts[offset & SLOT_MASK] ?? 0;
    const lastByte = from < this.#writeAt ? this.#writeAt : this.#lapEnd;
    const length = Math.min(end - start, lastByte - from);
    if (bytes.compare(this.#bytes, from, from + length, start, start + length) !== 0) return 0;
    const to = from + length;
    let last = offset;
    while (last < this.#next && this.#isWithin(last & SLOT_MASK, from, to)) last += 1;
    return last - offset;
  }

  /** Bytes of `frames` frames from `first` on, which {@link sameFrames} found. */
  bytesOf(first: number, frames: number): number {
    const last = first + frames - 1;
    return (this.#ends[last & SLOT_MASK] ?? 0) - (this.#starts[first & SLOT_MASK] ?? 0);
  }

  /** Whether `frames` frames from `first` on are of one publisher and numbered without a gap. */
  isStraight(first: number, frames: number): boolean {
    return (this.#straightFrom[(first + frames - 1) & SLOT_MASK] ?? first + 1) <= first;
  }

  /** Fills in what the frame at `offset`, which must be there, says. */
  readInto(reading: ServerReading, offset: number): void {
    const slot = offset & SLOT_MASK;
    reading.offset = offset;
    const { entry } = reading;
    entry.publisher = this.#publishers[slot] ?? 0;
    entry.seq = this.#seqs[slot] ?? 0;
    entry.intendedUs = this.#intendedUs[slot] ?? 0;
    entry.sentUs = this.#sentUs[slot] ?? 0;
  }

  /** Whether the frame at `offset` follows the one before it in the numbers of its publisher. */
  #goesOn(offset: number): boolean {
    if (offset === this.#first) return false;
    const [slot, before] = [offset & SLOT_MASK, (offset - 1) & SLOT_MASK];
    const isNext = this.#seqs[slot] === (this.#seqs[before] ?? 0) + 1;
    return isNext && this.#publishers[slot] === this.#publishers[before];
  }

  /** Of this lap, and whole: the frame behind a lap's last one begins at 0. */
  #isWithin(slot: number, from: number, to: number): boolean {
    return (this.#starts[slot] ?? 0) >= from && (this.#ends[slot] ?? 0) <= to;
  }

  #begin(offset: number): void {
    this.#first = offset;
    this.#next = offset;
    this.#writeAt = 0;
    this.#lapEnd = 0;
  }

  /** Lets go of the oldest frames that the next one of `length` bytes, or its slot, takes the place of. */
  #makeRoom(length: number): void {
    if (this.#next - this.#first === CAPACITY_FRAMES) this.#first += 1;
    if (this.#writeAt + length > this.#bytes.length) {
      this.#dropOldest(this.#writeAt, this.#bytes.length);
      this.#lapEnd = this.#writeAt;
      this.#writeAt = 0;
    }
    this.#dropOldest(this.#writeAt, this.#writeAt + length);
  }

  /** Those of the oldest that lie in `[from, to)`. */
  #dropOldest(from: number, to: number): void {
    while (this.#first < this.#next) {
      const slot = this.#first & SLOT_MASK;
      if ((this.#starts[slot] ?? 0) >= to || (this.#ends[slot] ?? 0) <= from) return;
      this.#first += 1;
    }
  }
}
