/** Numbers with their units, as sentences and tables write them. 1 KB is 1,000 bytes. */

import type { CheckUnit } from './verdict.ts';

export const NOT_AVAILABLE = 'n/a';

/** `1,234`; fractions are dropped. */
export function formatCount(count: number | null): string {
  return count === null ? NOT_AVAILABLE : Math.round(count).toLocaleString('en-US');
}

/** `0.84 ms`, `4.31 ms`, `41.2 ms`, `1,024 ms`, `12.3 s`: about three digits that matter. */
export function formatMs(ms: number | null): string {
  if (ms === null) return NOT_AVAILABLE;
  if (Math.abs(ms) >= 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (Math.abs(ms) >= 100) return `${formatCount(ms)} ms`;
  return `${ms.toFixed(Math.abs(ms) >= 10 ? 1 : 2)} ms`;
}

/** `640 B`, `8.12 KB`, `41.2 KB`, `128 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NOT_AVAILABLE;
  const size = Math.abs(bytes);
  if (size >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (size >= 1e6) return `${(bytes / 1e6).toFixed(size >= 1e8 ? 0 : 1)} MB`;
  if (size >= 1e3) return `${(bytes / 1e3).toFixed(size >= 1e4 ? 1 : 2)} KB`;
  return `${Math.round(bytes)} B`;
}

/** `0.124 core`. */
export function formatCores(cores: number | null): string {
  return cores === null ? NOT_AVAILABLE : `${cores.toFixed(cores >= 0.1 ? 2 : 3)} core`;
}

/** `12 %`, `99.6 %`, `0.05 %` from a ratio of 1; nothing that is not all is written as 100 %. */
export function formatPercent(ratio: number | null): string {
  if (ratio === null) return NOT_AVAILABLE;
  const percent = ratio * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  const digits = percent < 1 || (percent > 99 && percent < 100) ? 2 : percent < 10 ? 1 : 0;
  const text = percent.toFixed(digits);
  return percent < 100 && Number(text) === 100 ? '> 99.99 %' : `${text} %`;
}

/** `10,000/s`, `9.98/s`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return NOT_AVAILABLE;
  // From 99.95 on one decimal would read 100.0.
  const whole = perSecond >= 99.95 || Number.isInteger(perSecond);
  return `${whole ? formatCount(perSecond) : perSecond.toFixed(perSecond >= 10 ? 1 : 2)}/s`;
}

/** `1 connection`, `1,000 connections`. */
export function formatConnections(count: number | null): string {
  return `${formatCount(count)} ${count === 1 ? 'connection' : 'connections'}`;
}

/** `1 client`, `1,000 clients`. */
export function formatClients(count: number | null): string {
  return `${formatCount(count)} ${count === 1 ? 'client' : 'clients'}`;
}

/** `10`, `0.1`, `12.5`: a rate as somebody asked for it. */
export function formatAskedRate(perSecond: number): string {
  return perSecond.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** `1.4 heartbeats`. */
export function formatHeartbeats(count: number | null): string {
  return count === null ? NOT_AVAILABLE : `${count.toFixed(1)} heartbeats`;
}

/** An observed value in the unit of its check. */
export function formatQuantity(value: number | null, unit: CheckUnit): string {
  switch (unit) {
    case 'count':
      return formatCount(value);
    case 'ms':
      return formatMs(value);
    case 'bytes':
      return formatBytes(value);
    case 'cores':
      return formatCores(value);
    case 'ratio':
      return formatPercent(value);
    case 'per-second':
      return formatRate(value);
    case 'heartbeats':
      return formatHeartbeats(value);
  }
}

/** `100`, `100 and 500`, `10, 50 and 100`. */
export function formatList(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Failures by reason, most frequent first: `http_503 × 100, timeout × 2`. */
export function formatReasons(
  failures: readonly { readonly reason: string; readonly count: number }[],
): string {
  return [...failures]
    .sort((a, b) => b.count - a.count)
    .map(({ reason, count }) => `${reason} × ${formatCount(count)}`)
    .join(', ');
}
