/** Writes a turn's binary ticks: the frames stand in the buffer already, price and time are put in. */

import { OPCODE, writeHeader } from '../../hub/frames/server-frame.ts';
import { BINARY_TICK_BYTES, MAX_TICKS_A_TURN } from '../../protocol/tick-messages.ts';
import type { TickBatch } from './tick.ts';
import { SYMBOL_COUNT, symbolOf } from './tick-symbols.ts';
import { TICK_HEADER_BYTES, type TickWriter, type WrittenTurn } from './tick-writer.ts';
import { TurnBuffers } from './turn-buffers.ts';

const STRIDE = TICK_HEADER_BYTES + BINARY_TICK_BYTES;
const SYMBOL_AT = TICK_HEADER_BYTES;
const PRICE_AT = SYMBOL_AT + 4;
const TIME_AT = PRICE_AT + 8;
const CENTS = 100;
const TWO_TO_32 = 4_294_967_296;
const NS_PER_SECOND = 1_000_000_000n;
const LOW_32_BITS = 0xffff_ffffn;

export class BinaryTickWriter implements TickWriter {
  readonly #buffers = new TurnBuffers({ maxTicks: MAX_TICKS_A_TURN, make: makeFrames });

  write(batch: TickBatch): WrittenTurn {
    const { count } = batch;
    const held = this.#buffers.take(count);
    const from = symbolOf(batch.firstSeq) * STRIDE;
    const bytes = held.bytes.subarray(from, from + count * STRIDE);
    writeTicks(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), batch);
    return { bytes, count, payloadBytes: count * BINARY_TICK_BYTES, held };
  }
}

/** Frame n is of symbol n, then they begin again; so a turn may begin with any of them. */
function makeFrames(ticks: number): Buffer {
  const count = ticks + SYMBOL_COUNT;
  const bytes = Buffer.allocUnsafeSlow(count * STRIDE);
  for (let frame = 0; frame < count; frame += 1) {
    const at = frame * STRIDE;
    writeHeader(bytes, at, { opcode: OPCODE.binary, payloadBytes: BINARY_TICK_BYTES });
    bytes.writeUInt32LE(frame % SYMBOL_COUNT, at + SYMBOL_AT);
  }
  return bytes;
}

/** The i64 goes in as two halves: a BigInt for each tick would be an allocation for each. */
function writeTicks(view: DataView, batch: TickBatch): void {
  const { count, firstIndex, spacingNs, anchorInSecondNs, prices } = batch;
  const secondNs = BigInt(batch.epochSecond) * NS_PER_SECOND;
  const secondLow = Number(secondNs & LOW_32_BITS) + anchorInSecondNs;
  const secondHigh = Number(secondNs >> 32n);
  let at = 0;
  for (let place = 0; place < count; place += 1) {
    let low = secondLow + Math.floor((firstIndex + place) * spacingNs);
    let high = secondHigh;
    while (low >= TWO_TO_32) {
      low -= TWO_TO_32;
      high += 1;
    }
    view.setFloat64(at + PRICE_AT, (prices[place] ?? 0) / CENTS, true);
    view.setUint32(at + TIME_AT, low, true);
    view.setUint32(at + TIME_AT + 4, high, true);
    at += STRIDE;
  }
}
