/** The tick feed's own HTTP endpoints: what it does is set before a cell, what it counted is read after. */

import type { TickSetup } from '../record/firehose-record.ts';
import { type TickTotals, totalsOfStats } from '../sampling/tick-counts.ts';
import { askJson, type JsonRequest } from './ask-json.ts';
import { unreachable } from './unreachable.ts';

/** The part of `/config` that a cell sets. */
export interface TickConfig {
  readonly rate: number;
  readonly format: TickSetup['format'];
  readonly source: TickSetup['source'];
  readonly fanOut: TickSetup['mode'];
  readonly rampEnabled: boolean;
}

export interface TickControl {
  /** What `GET /config` answers. @throws TouchlineError `TL_TARGET_UNREACHABLE` when there is no such endpoint */
  config(): Promise<Partial<TickConfig>>;
  /** @returns null, or the server's reason to refuse. @throws TouchlineError `TL_TARGET_UNREACHABLE` without an answer */
  configure(changes: Partial<TickConfig>): Promise<string | null>;
  /** The totals of `GET /stats`; null where there are none. */
  totals(): Promise<TickTotals | null>;
}

export interface TickControlOptions {
  /** Origin of the public HTTP endpoints. */
  readonly httpUrl: string;
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

export function tickControl({ httpUrl, token, timeoutMs }: TickControlOptions): TickControl {
  const ask = async (method: JsonRequest['method'], path: string, body?: unknown) => {
    const answer = await askJson({ method, url: `${httpUrl}${path}`, body, token, timeoutMs });
    if (answer instanceof Error) throw unreachable(`the tick feed at ${httpUrl}${path}`, answer);
    return answer;
  };
  return {
    async config() {
      const { status, body } = await ask('GET', '/config');
      if (status === 200 && typeof body === 'object' && body !== null) return body;
      throw unreachable(`the tick feed's configuration at ${httpUrl}/config`, `HTTP ${status}`);
    },
    async configure(changes) {
      const { status, body } = await ask('POST', '/config', changes);
      return status === 200 ? null : reasonOf(status, body);
    },
    async totals() {
      const askedAtMs = performance.now();
      const answer = await askJson({ method: 'GET', url: `${httpUrl}/stats`, token, timeoutMs });
      if (answer instanceof Error || answer.status !== 200) return null;
      return totalsOfStats(answer.body, (askedAtMs + performance.now()) / 2);
    },
  };
}

/** The server's own words, where it has some. */
function reasonOf(status: number, body: unknown): string {
  const said = memberOf(body, 'message') ?? memberOf(memberOf(body, 'error'), 'message');
  return typeof said === 'string' ? said : `HTTP ${status}`;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
