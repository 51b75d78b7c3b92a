/** Shares of clients: an eighth must not read as 13 %. */

/** `75 %`, `12.5 %` from a ratio of 1. */
export function formatShare(ratio: number): string {
  return `${(ratio * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
}
