/** What the server itself counted during a test, to stand beside what k6 saw. */

import { parsePrometheusSample } from '../../server/protocol/prometheus-sample.ts';

const READ_TIMEOUT_MS = 2_000;

export interface ServerFigures {
  /** Copies of broadcasts, and ticks, that it handed to connections. */
  readonly deliveries: number;
  readonly dropped: number;
  readonly cpuSeconds: number;
  /** Upper bound in seconds → broadcasts that took no longer to be handed to all clients. */
  readonly broadcasts: readonly (readonly [bound: number, count: number])[];
}

/**
 * @param adminUrl such as `http://127.0.0.1:9464`
 * @returns undefined where no touchline server answers there
 */
export async function readServerFigures(adminUrl: string): Promise<ServerFigures | undefined> {
  try {
    const answer = await fetch(`${adminUrl}/metrics`, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
    const text = await answer.text();
    return answer.ok && text.includes('\ntouchline_deliveries_total ') ? parseFigures(text) : undefined;
  } catch {
    return undefined;
  }
}

/** @param text of `/metrics`, in the format of Prometheus */
export function parseFigures(text: string): ServerFigures {
  const samples = text.split('\n').flatMap((line) => parsePrometheusSample(line) ?? []);
  const named = (name: string) => samples.filter((sample) => sample.name === name);
  const sum = (name: string) => named(name).reduce((total, { value }) => total + value, 0);
  return {
    deliveries: sum('touchline_deliveries_total') + sum('touchline_ticks_flushed_total'),
    dropped: sum('touchline_deliveries_dropped_total'),
    cpuSeconds: sum('process_cpu_seconds_total'),
    broadcasts: named('touchline_broadcast_duration_seconds_bucket').map(({ labels, value }) => [
      Number(labels['le']?.replace('+Inf', 'Infinity')),
      value,
    ]),
  };
}

/** What was added between two readings. */
export function figuresSince(before: ServerFigures, after: ServerFigures): ServerFigures {
  return {
    deliveries: after.deliveries - before.deliveries,
    dropped: after.dropped - before.dropped,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    broadcasts: after.broadcasts.map(([bound, count], at) => [
      bound,
      count - (before.broadcasts[at]?.[1] ?? 0),
    ]),
  };
}

/** @returns seconds: 99 of a hundred broadcasts took no longer; undefined where there were none */
export function broadcastP99({ broadcasts }: ServerFigures): number | undefined {
  const all = broadcasts.at(-1)?.[1] ?? 0;
  return all === 0 ? undefined : broadcasts.find(([, count]) => count >= 0.99 * all)?.[0];
}
