/** What clients told of themselves, by their name: the newest of each, and no more names than there is room for. */

import type { ClientStats } from '../../protocol/messages.ts';
import type { TickClientStats } from '../../protocol/tick-messages.ts';

/** Names are the clients' to choose, so they are bounded; who reported longest ago goes. */
export const MAX_CLIENT_REPORTS = 1_000;

export class ClientReports {
  /** The one that reported longest ago comes first. */
  readonly #byName = new Map<string, TickClientStats>();

  get size(): number {
    return this.#byName.size;
  }

  /** It gave its name; figures come later. */
  identified(clientId: string, epochMs: number): void {
    const known = this.#byName.get(clientId);
    const none = { clientId, messagesPerSec: 0, totalMessages: 0, avgLatencyMs: 0, p99LatencyMs: 0 };
    this.#keep({ ...(known ?? none), lastUpdate: epochMs });
  }

  reported(stats: ClientStats, epochMs: number): void {
    this.#keep({ ...stats, lastUpdate: epochMs });
  }

  clear(): void {
    this.#byName.clear();
  }

  /** Newest first. */
  list(): readonly TickClientStats[] {
    return [...this.#byName.values()].reverse();
  }

  #keep(report: TickClientStats): void {
    this.#byName.delete(report.clientId);
    this.#byName.set(report.clientId, report);
    const [oldest] = this.#byName.keys();
    if (this.#byName.size > MAX_CLIENT_REPORTS && oldest !== undefined) this.#byName.delete(oldest);
  }
}
