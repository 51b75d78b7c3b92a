/** What is traded here. A binary tick names a symbol by its index in this list. */

/** All of one length, so that every tick of a turn takes the same bytes. */
export const TICK_SYMBOLS = [
  'AAPL',
  'MSFT',
  'GOOG',
  'AMZN',
  'NVDA',
  'META',
  'TSLA',
  'NFLX',
  'INTC',
  'ORCL',
  'CSCO',
  'ADBE',
  'QCOM',
  'PYPL',
  'SBUX',
  'COST',
] as const;

export const SYMBOL_COUNT: number = TICK_SYMBOLS.length;

/** The symbol of a tick: they take turns. */
export function symbolOf(seq: number): number {
  return seq % SYMBOL_COUNT;
}
