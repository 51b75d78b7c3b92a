/** Where a run stands on the dashboard, for as long as its Prometheus remembers it. */

import type { RunRecord } from '../record/run-record.ts';

/** Where `npm run observe` and docker compose put Grafana. */
const DEFAULT_GRAFANA_URL = 'http://localhost:3000';
/** The uid of the board of profiling runs. */
const BOARD = 'touchline-profiling-run';

/**
 * Address of the board with the run and its time range.
 *
 * @param grafanaUrl undefined, or no http address: Grafana's usual place on this machine
 */
export function boardLink(
  { runId, startedAt, finishedAt }: Pick<RunRecord, 'runId' | 'startedAt' | 'finishedAt'>,
  grafanaUrl?: string,
): string {
  const base = isHttp(grafanaUrl) ? grafanaUrl.replace(/\/+$/, '') : DEFAULT_GRAFANA_URL;
  return `${base}/d/${BOARD}?var-run=${encodeURIComponent(runId)}&from=${startedAt}&to=${finishedAt}`;
}

function isHttp(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url);
}
