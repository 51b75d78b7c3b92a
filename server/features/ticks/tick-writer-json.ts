/**
 * Writes a turn's JSON ticks without JSON: the frames stand in the buffer already, each with its symbol's template,
 * and only digits are put in. The layout holds until `seq` gets a digit more or `ts` other decimals.
 */

import { serverFrame } from '../../hub/frames/server-frame.ts';
import { MAX_TICKS_A_TURN, type TickBatch } from './tick.ts';
import { SYMBOL_COUNT, symbolOf, TICK_SYMBOLS } from './tick-symbols.ts';
import { TICK_HEADER_BYTES, type TickWriter, type WrittenTurn } from './tick-writer.ts';
import { type TurnBuffer, TurnBuffers } from './turn-buffers.ts';

const ZERO = 48;
const NINE = 57;
/** Digits of a Unix second, until the year 2286. */
const SECOND_DIGITS = 10;

/** Where the digits of a frame go; the same for every symbol, since they are of one length. */
interface Layout {
  readonly seqDigits: number;
  readonly decimals: number;
  readonly stride: number;
  readonly priceAt: number;
  readonly secondAt: number;
  readonly seqAt: number;
}

export class JsonTickWriter implements TickWriter {
  /** The digits of the next tick's `seq`, counted up in place. */
  readonly #seqText = new Uint8Array(16);
  #layout = makeLayout(1, 3);
  #buffers = makeBuffers(this.#layout);

  write(batch: TickBatch): WrittenTurn {
    const { count, firstSeq, decimals } = batch;
    const seqText = String(firstSeq);
    if (seqText.length !== this.#layout.seqDigits || decimals !== this.#layout.decimals) {
      this.#layout = makeLayout(seqText.length, decimals);
      this.#buffers = makeBuffers(this.#layout);
    }
    const { stride } = this.#layout;
    const held = this.#buffers.take(count);
    if (held.epochSecond !== batch.epochSecond) writeSecond(held, batch.epochSecond, this.#layout);
    Buffer.from(seqText).copy(this.#seqText);
    const from = symbolOf(firstSeq) * stride;
    const bytes = held.bytes.subarray(from, from + count * stride);
    writeDigits(bytes, batch, { layout: this.#layout, seqText: this.#seqText });
    return { bytes, count, payloadBytes: count * (stride - TICK_HEADER_BYTES), held };
  }
}

/** A frame of one symbol with zeros for digits. */
function template(symbol: string, { seqDigits, decimals }: { seqDigits: number; decimals: number }): string {
  const ts = `${'0'.repeat(SECOND_DIGITS + 3)}.${'0'.repeat(decimals)}`;
  return `{"symbol":"${symbol}","price":000.00,"ts":${ts},"seq":${'0'.repeat(seqDigits)}}`;
}

function makeLayout(seqDigits: number, decimals: number): Layout {
  const text = template(TICK_SYMBOLS[0], { seqDigits, decimals });
  const after = (key: string) => TICK_HEADER_BYTES + text.indexOf(key) + key.length;
  return {
    seqDigits,
    decimals,
    stride: TICK_HEADER_BYTES + text.length,
    priceAt: after('"price":'),
    secondAt: after('"ts":'),
    seqAt: after('"seq":'),
  };
}

/** Frame n is of symbol n, then they begin again; so a turn may begin with any of them. */
function makeBuffers(layout: Layout): TurnBuffers {
  const round = Buffer.concat(
    TICK_SYMBOLS.map((symbol) => serverFrame(Buffer.from(template(symbol, layout)))),
  );
  return new TurnBuffers({
    maxTicks: MAX_TICKS_A_TURN,
    make(ticks) {
      const bytes = Buffer.allocUnsafeSlow((ticks + SYMBOL_COUNT) * layout.stride);
      return bytes.fill(round);
    },
  });
}

/** The second's digits change once a second, so they stay in the buffer from turn to turn. */
function writeSecond(held: TurnBuffer, epochSecond: number, { stride, secondAt }: Layout): void {
  const digits = Buffer.from(String(epochSecond).padStart(SECOND_DIGITS, '0'));
  for (let at = secondAt; at < held.bytes.length; at += stride) held.bytes.set(digits, at);
  held.epochSecond = epochSecond;
}

interface WritingPlace {
  readonly layout: Layout;
  readonly seqText: Uint8Array;
}

function writeDigits(frames: Uint8Array, batch: TickBatch, { layout, seqText }: WritingPlace): void {
  const { count, firstIndex, spacingNs, anchorInSecondNs, prices } = batch;
  const { stride, priceAt, secondAt, seqAt, seqDigits, decimals } = layout;
  const millisAt = secondAt + SECOND_DIGITS;
  let frame = 0;
  for (let place = 0; place < count; place += 1) {
    const cents = prices[place] ?? 0;
    const whole = (cents / 100) | 0;
    writeThree(frames, frame + priceAt, whole);
    writeTwo(frames, frame + priceAt + 4, cents - whole * 100);
    const ns = (anchorInSecondNs + Math.floor((firstIndex + place) * spacingNs)) | 0;
    const micros = (ns / 1_000) | 0;
    const millis = (ns / 1_000_000) | 0;
    writeThree(frames, frame + millisAt, millis);
    writeThree(frames, frame + millisAt + 4, micros - millis * 1_000);
    if (decimals > 3) writeNanos(frames, frame + millisAt + 7, { ns: ns - micros * 1_000, digits: decimals - 3 });
    for (let digit = 0; digit < seqDigits; digit += 1) {
      frames[frame + seqAt + digit] = seqText[digit] ?? ZERO;
    }
    countUp(seqText, seqDigits);
    frame += stride;
  }
}

/** Adds one to a number of ASCII digits; beyond its last value it begins at zero. */
function countUp(digits: Uint8Array, length: number): void {
  let at = length - 1;
  while (at > 0 && digits[at] === NINE) {
    digits[at] = ZERO;
    at -= 1;
  }
  digits[at] = (digits[at] ?? ZERO) + 1;
}

function writeTwo(bytes: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0;
  bytes[at] = ZERO + tens;
  bytes[at + 1] = ZERO + value - tens * 10;
}

function writeThree(bytes: Uint8Array, at: number, value: number): void {
  const hundreds = (value / 100) | 0;
  bytes[at] = ZERO + hundreds;
  writeTwo(bytes, at + 1, value - hundreds * 100);
}

/** The first digits of the last three. */
function writeNanos(bytes: Uint8Array, at: number, { ns, digits }: { ns: number; digits: number }): void {
  const hundreds = (ns / 100) | 0;
  const tens = ((ns - hundreds * 100) / 10) | 0;
  bytes[at] = ZERO + hundreds;
  if (digits > 1) bytes[at + 1] = ZERO + tens;
  if (digits > 2) bytes[at + 2] = ZERO + ns - hundreds * 100 - tens * 10;
}
