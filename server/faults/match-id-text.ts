/** Which match an encoded delivery is of, and the same delivery for another match: read and written as bytes. */

const KEY = Buffer.from('"matchId":');
const COMMA = 0x2c;

/** The digits of its `matchId`; null when it has none. */
export function matchIdOf(delivery: Buffer): string | null {
  const start = delivery.indexOf(KEY);
  if (start < 0) return null;
  const end = delivery.indexOf(COMMA, start);
  return end < 0 ? null : delivery.toString('latin1', start + KEY.length, end);
}

/** The delivery with another `matchId`, as text; null when it has none. */
export function withMatchId(delivery: Buffer, matchId: string): string | null {
  const start = delivery.indexOf(KEY);
  const end = delivery.indexOf(COMMA, start);
  if (start < 0 || end < 0) return null;
  return `${delivery.toString('utf8', 0, start + KEY.length)}${matchId}${delivery.toString('utf8', end)}`;
}
