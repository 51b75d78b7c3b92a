/** A live session as a test has it: a real Prometheus with the committed configuration and rules, and targets of its own. */

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrometheusProcess } from '../../server/testing/prometheus-process.ts';
import type { Choices, PanelQuery } from '../panel-queries.ts';

const PROVISIONED = new URL('../provisioning/prometheus/', import.meta.url).pathname;
/** Ports that a run of another test may have just now. */
const KNOWN_PORTS = /static_configs:\n\s+- targets: \['127\.0\.0\.1:9465'\][\s\S]*?(?=\s+file_sd_configs)/;

/** @param targetsFolder made if it is missing; what runs announce there is scraped each second */
export async function startSession(targetsFolder: string): Promise<PrometheusProcess> {
  await mkdir(targetsFolder, { recursive: true });
  const config = await readFile(join(PROVISIONED, 'prometheus.yml'), 'utf8');
  return PrometheusProcess.start(
    config
      .replace(KNOWN_PORTS, '')
      .replace('rules/*.yml', join(PROVISIONED, 'rules', '*.yml'))
      .replace('../../../.touchline/targets/*.json', join(targetsFolder, '*.json')),
  );
}

/** What a board shows of a stretch of time: its range is that stretch. */
export function rangeOf({ fromSeconds, toSeconds }: Stretch): Pick<Choices, 'range'> {
  return { range: `${Math.ceil(toSeconds - fromSeconds)}s` };
}

export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Queries that answer with no number at any second of the stretch, as `board: panel (ref)`. */
export async function emptyQueries(
  prometheus: PrometheusProcess,
  queries: readonly PanelQuery[],
  stretch: Stretch,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const { board, title, refId, expr } of queries) {
    const values = await prometheus.queryRange(expr, stretch);
    if (values.length === 0) empty.push(`${board}: ${title} (${refId})`);
  }
  return empty;
}
