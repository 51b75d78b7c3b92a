/** What passes for a price. Runs in a browser too. */

/** Above 0 and below this. */
const PRICE_BELOW = 1e9;
/** Digits of the largest price. */
const MAX_WHOLE_DIGITS = 9;
const MAX_CHARACTERS = 24;

const ZERO = 0x30;
const DOT = 0x2e;

export function isPlausiblePrice(price: number): boolean {
  return price > 0 && price < PRICE_BELOW;
}

/** Whether `view[start, end)` is a plain decimal number as JSON has them (`187.23`, no exponent), and plausible. */
export function isPriceAt(view: DataView, start: number, end: number): boolean {
  if (end - start > MAX_CHARACTERS) return false;
  let dotAt = end;
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const digit = view.getUint8(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits |= digit;
    } else {
      if (digit !== DOT - ZERO || dotAt !== end) return false;
      dotAt = at;
    }
  }
  const whole = dotAt - start;
  // No digit but zeros, none before the dot or behind it, or a leading zero.
  if (digits === 0 || whole === 0 || whole > MAX_WHOLE_DIGITS || dotAt === end - 1) return false;
  return whole === 1 || view.getUint8(start) !== ZERO;
}
