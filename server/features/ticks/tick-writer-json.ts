/**
 * Writes a turn's JSON ticks without JSON: the frames stand in the buffer already, each with its symbol's template,
 * and only digits are put in. The layout holds until `seq` gets a digit more or `ts` other decimals.
 */

import { serverFrame } from '../../hub/frames/server-frame.ts';
import { MAX_TICKS_A_TURN } from '../../protocol/tick-messages.ts';
import { CountingText, lastDigit, threeDigitsBefore, twoDigitsBefore } from './ascii-words.ts';
import { type TickBatch, tickAt } from './tick.ts';
import { tickFrame } from './tick-encoding.ts';
import { SYMBOL_COUNT, symbolOf, TICK_SYMBOLS } from './tick-symbols.ts';
import { TICK_HEADER_BYTES, type TickWriter, type WrittenTurn } from './tick-writer.ts';
import { type TurnBuffer, TurnBuffers } from './turn-buffers.ts';

/** Digits of a Unix second, from 2001 until 2286. */
const SECOND_DIGITS = 10;
/** Ticks before this one are written plainly: the words below begin with three digits of `seq` and one more. */
const FIRST_SEQ = 1_000;
const SEQ_KEY = '"seq":';

const BEFORE_POINT = threeDigitsBefore('.');
const BEFORE_COMMA = threeDigitsBefore(',');
const BEFORE_BRACE = threeDigitsBefore('}');
const BEFORE_DIGIT = threeDigitsBefore('\0');
const CENTS_BEFORE_KEY = twoDigitsBefore(',"');

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
  /** The next tick's `seq`. */
  readonly #seq = new CountingText(SEQ_KEY);
  #layout = makeLayout(String(FIRST_SEQ).length, 3);
  #buffers = makeBuffers(this.#layout);

  write(batch: TickBatch): WrittenTurn {
    const { count, firstSeq, decimals } = batch;
    if (firstSeq < FIRST_SEQ) return writePlainly(batch);
    const seqDigits = String(firstSeq).length;
    if (seqDigits !== this.#layout.seqDigits || decimals !== this.#layout.decimals) {
      this.#layout = makeLayout(seqDigits, decimals);
      this.#buffers = makeBuffers(this.#layout);
    }
    const { stride } = this.#layout;
    const held = this.#buffers.take(count);
    if (held.epochSecond !== batch.epochSecond) writeSecond(held, batch.epochSecond, this.#layout);
    const from = symbolOf(firstSeq) * stride;
    const bytes = held.bytes.subarray(from, from + count * stride);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#seq.set(firstSeq);
    writeTimes(view, batch, this.#layout);
    writePricesAndNumbers(view, batch, { ...this.#layout, seq: this.#seq });
    return { bytes, count, payloadBytes: count * (stride - TICK_HEADER_BYTES), held };
  }
}

function writePlainly(batch: TickBatch): WrittenTurn {
  const { count, decimals } = batch;
  const bytes = Buffer.concat(
    Array.from({ length: count }, (_, place) => tickFrame(tickAt(batch, place), 'json', decimals)),
  );
  return { bytes, count, payloadBytes: bytes.byteLength - count * TICK_HEADER_BYTES, held: null };
}

/** A frame of one symbol with zeros for digits. */
function template(symbol: string, { seqDigits, decimals }: Pick<Layout, 'seqDigits' | 'decimals'>): string {
  const ts = `${'0'.repeat(SECOND_DIGITS + 3)}.${'0'.repeat(decimals)}`;
  return `{"symbol":"${symbol}","price":000.00,"ts":${ts},${SEQ_KEY}${'0'.repeat(seqDigits)}}`;
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
    seqAt: after(SEQ_KEY),
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
  const digits = Buffer.from(String(epochSecond));
  for (let at = secondAt; at < held.bytes.length; at += stride) held.bytes.set(digits, at);
  held.epochSecond = epochSecond;
}

/** The milliseconds of the second, the point, and the decimals. */
function writeTimes(view: DataView, batch: TickBatch, { stride, secondAt, decimals }: Layout): void {
  const { count, firstIndex, spacingNs, anchorInSecondNs } = batch;
  let at = secondAt + SECOND_DIGITS;
  for (let place = 0; place < count; place += 1) {
    const ns = (anchorInSecondNs + Math.floor((firstIndex + place) * spacingNs)) | 0;
    const millis = (ns / 1_000_000) | 0;
    const micros = (ns / 1_000) | 0;
    const decimal = micros - millis * 1_000;
    view.setUint32(at, BEFORE_POINT[millis] ?? 0, true);
    if (decimals === 3) view.setUint32(at + 4, BEFORE_COMMA[decimal] ?? 0, true);
    else writeFinely(view, at + 4, { decimal, ns: ns - micros * 1_000, decimals });
    at += stride;
  }
}

interface FineTime {
  readonly decimal: number;
  readonly ns: number;
  readonly decimals: number;
}

/** Four to six decimals. */
function writeFinely(view: DataView, at: number, { decimal, ns, decimals }: FineTime): void {
  const hundreds = (ns / 100) | 0;
  view.setUint32(at, (BEFORE_DIGIT[decimal] ?? 0) | lastDigit(hundreds), true);
  if (decimals > 4) view.setUint8(at + 4, DIGITS[((ns / 10) | 0) % 10] ?? 0);
  if (decimals > 5) view.setUint8(at + 5, DIGITS[ns % 10] ?? 0);
}

const DIGITS = Buffer.from('0123456789');

interface NumberPlaces extends Layout {
  readonly seq: CountingText;
}

function writePricesAndNumbers(view: DataView, batch: TickBatch, places: NumberPlaces): void {
  const { count, prices } = batch;
  const { stride, priceAt, seqAt, seqDigits, seq } = places;
  const seqEnd = seqAt + seqDigits - 3;
  let frame = 0;
  for (let place = 0; place < count; place += 1) {
    const cents = prices[place] ?? 0;
    const whole = (cents / 100) | 0;
    view.setUint32(frame + priceAt, BEFORE_POINT[whole] ?? 0, true);
    view.setUint32(frame + priceAt + 4, CENTS_BEFORE_KEY[cents - whole * 100] ?? 0, true);
    view.setUint32(frame + seqEnd, BEFORE_BRACE[seq.low] ?? 0, true);
    for (let word = 0; word < seq.wordCount; word += 1) {
      view.setUint32(frame + seqEnd - 4 - 4 * word, seq.words[word] ?? 0, true);
    }
    seq.countUp();
    frame += stride;
  }
}
