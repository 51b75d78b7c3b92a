/**
 * The buffers that turns are written into. A buffer goes to many sockets at once and is written again only when none of
 * them holds it: whoever holds it retains it. Never a slice of Node's pool, which a slow reader would pin.
 */

/** One buffer of frames, prepared so that only digits are missing. */
export class TurnBuffer {
  readonly bytes: Buffer;
  /** How many frames it has room for, whatever the first one's symbol. */
  readonly capacity: number;
  /** What the writer remembers of the bytes that are in it. */
  epochSecond = -1;
  readonly #pool: TurnBuffers;
  #holders = 1;

  constructor(pool: TurnBuffers, capacity: number, bytes: Buffer) {
    this.#pool = pool;
    this.capacity = capacity;
    this.bytes = bytes;
  }

  retain(): void {
    this.#holders += 1;
  }

  /** The last release gives it back. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#pool.takeBack(this);
  }
}

export interface TurnBuffersOptions {
  /** Most ticks of a turn. */
  readonly maxTicks: number;
  /** Makes the bytes for that many ticks. */
  readonly make: (ticks: number) => Buffer;
}

/** A turn of one tick must not hold a buffer for thousands while a slow reader has it. */
const SMALLEST = 16;
/** Bytes that wait for the next turns: slow readers give back many buffers at once, and making one takes time. */
const MAX_FREE_BYTES = 8_388_608;

export class TurnBuffers {
  readonly #options: TurnBuffersOptions;
  readonly #free: TurnBuffer[][] = [];
  #freeBytes = 0;

  constructor(options: TurnBuffersOptions) {
    this.#options = options;
  }

  /** A buffer for so many ticks, held by whoever asks. */
  take(ticks: number): TurnBuffer {
    const size = sizeOf(ticks);
    const free = this.#free[size]?.pop();
    if (free !== undefined) {
      this.#freeBytes -= free.bytes.byteLength;
      free.retain();
      return free;
    }
    const capacity = Math.min(SMALLEST << size, this.#options.maxTicks);
    return new TurnBuffer(this, capacity, this.#options.make(capacity));
  }

  takeBack(buffer: TurnBuffer): void {
    const size = sizeOf(buffer.capacity);
    const { byteLength } = buffer.bytes;
    if (this.#freeBytes + byteLength > MAX_FREE_BYTES) return;
    this.#freeBytes += byteLength;
    const free = this.#free[size] ?? [];
    this.#free[size] = free;
    free.push(buffer);
  }
}

/** 0 for 16 ticks, each next for twice as many. */
function sizeOf(ticks: number): number {
  return Math.max(0, 28 - Math.clz32(Math.max(1, ticks) - 1));
}
