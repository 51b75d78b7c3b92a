/** The buffers that the floor server writes, made before it starts. */

import type { PeerFormat } from '../contract/peer-plan.ts';
import { binaryTick, makeTick } from '../feed/tick.ts';

/**
 * The floor's sequence numbers go from 1 to this and then from 1 again, so that what the floor sends is checked like
 * what a peer sends, and still nothing is made while it runs.
 */
export const FLOOR_WRAPS_AT = 1_000;

/** Time stands still: a prepared message cannot tell how long it took. */
const TS_MS = 1_763_689_000_123.457;
const TEXT = 0x81;
const BINARY = 0x82;

/**
 * @param perTurn frames in one buffer; its multiples must reach {@link FLOOR_WRAPS_AT}
 * @returns buffers to be written in turn, over and over
 * @throws RangeError when the frames do not come out even
 */
export function preparedTurns(format: PeerFormat, perTurn: number): readonly Buffer[] {
  if (FLOOR_WRAPS_AT % perTurn !== 0) {
    throw new RangeError(`expected a divisor of ${FLOOR_WRAPS_AT}; received ${perTurn} messages a turn`);
  }
  return Array.from({ length: FLOOR_WRAPS_AT / perTurn }, (_, turn) =>
    Buffer.concat(
      Array.from({ length: perTurn }, (_, index) => floorFrame(format, turn * perTurn + index + 1, TS_MS)),
    ),
  );
}

/** A whole frame; its number begins at 1 again after {@link FLOOR_WRAPS_AT}. */
export function floorFrame(format: PeerFormat, seq: number, tsMs: number): Buffer {
  const number = ((seq - 1) % FLOOR_WRAPS_AT) + 1;
  const payload =
    format === 'json' ? Buffer.from(JSON.stringify(makeTick(number, tsMs))) : binaryTick(number, tsMs);
  return Buffer.concat([Buffer.from([format === 'json' ? TEXT : BINARY, payload.length]), payload]);
}
