/** Close codes as labels of which there are never more. */

/** Known codes stand there from zero; a client can send any of 1,000 others, so those share one series. */
export function closesByKnownCode(
  closedByCode: ReadonlyMap<number, number>,
  knownCodes: readonly number[],
): ReadonlyMap<string, number> {
  const closes = new Map<string, number>(knownCodes.map((code) => [String(code), 0]));
  closes.set('other', 0);
  for (const [code, count] of closedByCode) {
    const label = closes.has(String(code)) ? String(code) : 'other';
    closes.set(label, (closes.get(label) ?? 0) + count);
  }
  return closes;
}
