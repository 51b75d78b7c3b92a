/** What each reader of a worker tells its server: what it is called, how it fares, what it has got. */

import type { TickLedger } from '../../ticks/reading/tick-ledger.ts';
import type { TickLatencies } from './tick-meter.ts';

/** How often PROTOCOLS wants statistics. */
export const STATS_INTERVAL_MS = 1_000;

export class ReaderReports {
  readonly #clientId: string;
  readonly #ledger: TickLedger;
  #acknowledged = 0;
  #toldTotal = 0;
  #toldAtUs: number;

  /** @param nowUs µs of the monotonic clock */
  constructor(clientId: string, ledger: TickLedger, nowUs: number) {
    this.#clientId = clientId;
    this.#ledger = ledger;
    this.#toldAtUs = nowUs;
  }

  /** What was acknowledged last. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  identifyText(): string {
    return JSON.stringify({ type: 'identify', clientId: this.#clientId });
  }

  /** The rate is that since the last call; the latencies are those of all readers beside this one too. */
  statsText(nowUs: number, { avgMs, p99Ms }: TickLatencies): string {
    const { received } = this.#ledger;
    const seconds = (nowUs - this.#toldAtUs) / 1e6;
    const messagesPerSec = seconds > 0 ? Math.round((received - this.#toldTotal) / seconds) : 0;
    this.#toldAtUs = nowUs;
    this.#toldTotal = received;
    return JSON.stringify({
      type: 'stats',
      clientId: this.#clientId,
      messagesPerSec,
      totalMessages: received,
      avgLatencyMs: rounded(avgMs),
      p99LatencyMs: rounded(p99Ms),
    });
  }

  ackText(): string {
    this.#acknowledged = this.#ledger.received;
    return JSON.stringify({ type: 'ack', received: this.#acknowledged });
  }
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
