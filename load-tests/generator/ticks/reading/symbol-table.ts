/** Finds a tick's symbol in its bytes, without making a string where the symbol is short. */

/** What follows a symbol in a JSON tick. */
export const AFTER_SYMBOL = '","price":';
/** Symbols up to this length are found by the eight bytes at their place, the quote behind them included. */
const MAX_SHORT = 7;
/** Slots per short symbol, at least. */
const SPARSENESS = 4;

export class SymbolTable {
  /** How many symbols there are: a binary tick carries an index below this. */
  readonly size: number;
  readonly #names: ReadonlySet<string>;
  /** Of each slot: the eight bytes, little-endian, and the symbol's length; 0 is a free slot. */
  readonly #firsts: Int32Array;
  readonly #seconds: Int32Array;
  readonly #lengths: Uint8Array;
  readonly #shift: number;

  constructor(symbols: readonly string[]) {
    this.size = symbols.length;
    this.#names = new Set(symbols);
    const short = [...this.#names].filter(isShort);
    const bits = Math.max(Math.ceil(Math.log2(short.length * SPARSENESS + 1)), 2);
    this.#shift = 32 - bits;
    this.#firsts = new Int32Array(1 << bits);
    this.#seconds = new Int32Array(1 << bits);
    this.#lengths = new Uint8Array(1 << bits);
    for (const symbol of short) this.#add(symbol);
  }

  /**
   * The length of the short symbol that stands at `at`, a quote behind it; 0 when none does.
   * Eight bytes must be there.
   */
  shortLengthAt(view: DataView, at: number): number {
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    return this.#lengths[this.#slotOf(first, second)] ?? 0;
  }

  /** Whether `bytes[start, end)` is a symbol, however long. */
  isSymbol(bytes: Buffer, start: number, end: number): boolean {
    return this.#names.has(bytes.toString('utf8', start, end));
  }

  #add(symbol: string): void {
    const bytes = Buffer.from(symbol + AFTER_SYMBOL, 'latin1');
    const first = bytes.readInt32LE(0);
    const second = bytes.readInt32LE(4);
    const slot = this.#slotOf(first, second);
    this.#firsts[slot] = first;
    this.#seconds[slot] = second;
    this.#lengths[slot] = symbol.length;
  }

  /** Where these eight bytes are, or the free slot that shows that they are nowhere. */
  #slotOf(first: number, second: number): number {
    let slot = (Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b)) >>> this.#shift;
    while (this.#lengths[slot] !== 0 && (this.#firsts[slot] !== first || this.#seconds[slot] !== second)) {
      slot = (slot + 1) & (this.#lengths.length - 1);
    }
    return slot;
  }
}

function isShort(symbol: string): boolean {
  return symbol.length <= MAX_SHORT && /^[\x20-\x7e]+$/.test(symbol) && !/["\\]/.test(symbol);
}
