/** The lines that tell an onlooker once a second what the feed does. */

import type { TickClientStats, TickStatsAnswer } from '../../protocol/tick-messages.ts';

/** Without a word for so long, a client counts as gone. */
const SILENT_AFTER_MS = 5_000;
const MAX_CLIENT_LINES = 10;

/** One line for the server, then one for each client that gave its name. */
export function telemetryLines(stats: TickStatsAnswer, epochMs: number): readonly string[] {
  const { targetRate, serverRate, bufferedRate, flushedRate, totals } = stats;
  const line = [
    `[Stats] Rate: ${rate(targetRate)}`,
    `Server actual: ${rate(serverRate)}`,
    `buffered ${rate(bufferedRate)}`,
    `flushed ${rate(flushedRate)}`,
    `delivered ${delivered(stats)}`,
    `readers ${whole(totals.readers)}`,
  ].join(' | ');
  return [line, ...clientLines(Object.values(stats.clients), epochMs)];
}

/** Who does not acknowledge cannot be counted, and a zero would be a lie. */
function delivered({ deliveredRate, totals: { readers, acknowledgingReaders } }: TickStatsAnswer): string {
  if (acknowledgingReaders === 0) return 'unknown (no reader acknowledges)';
  if (acknowledgingReaders === readers) return rate(deliveredRate);
  return `${rate(deliveredRate)} (${acknowledgingReaders} of ${readers} readers acknowledge)`;
}

function clientLines(clients: readonly TickClientStats[], epochMs: number): readonly string[] {
  const lines = clients.slice(0, MAX_CLIENT_LINES).map((client) => {
    const { clientId, messagesPerSec, avgLatencyMs, p99LatencyMs, lastUpdate } = client;
    if (epochMs - lastUpdate > SILENT_AFTER_MS) return `  ${clientId}: (not connected)`;
    return `  ${clientId}: ${rate(messagesPerSec)}, avg ${millis(avgLatencyMs)}, p99 ${millis(p99LatencyMs)}`;
  });
  const more = clients.length - lines.length;
  return more > 0 ? [...lines, `  and ${whole(more)} more`] : lines;
}

function rate(perSecond: number): string {
  return `${whole(Math.round(perSecond))}/s`;
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

function millis(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
