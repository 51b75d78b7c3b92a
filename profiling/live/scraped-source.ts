/** A server as a source of pushed figures: scraped, as Prometheus would. */

import { parsePrometheusText } from '../sampling/prometheus-text.ts';
import type { PushedSample } from './remote-writer.ts';

/** As long as from one push to the next: a server that is slower has a gap. */
const SCRAPE_TIMEOUT_MS = 1_000;

/** @returns nothing when there was no whole answer in time */
export async function readScraped(metricsUrl: string): Promise<readonly PushedSample[]> {
  try {
    const answer = await fetch(metricsUrl, {
      headers: { accept: 'text/plain' },
      signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS),
    });
    const text = await answer.text();
    const parsed = parsePrometheusText(text);
    return answer.ok && parsed.ok ? parsed.samples : [];
  } catch {
    return [];
  }
}
