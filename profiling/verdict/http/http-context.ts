/** What checks, sentence and findings of an HTTP run need to see. */

import type { EndpointAnalysis, HttpAnalysis } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { formatList } from '../quantities.ts';
import type { Limits } from '../thresholds.ts';

export interface HttpContext {
  readonly record: HttpRecord;
  readonly analysis: HttpAnalysis;
  readonly limits: Limits;
}

/** How an endpoint is called in a sentence: `GET /livez`. */
export function endpointTitle({ method, path }: Pick<EndpointAnalysis, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** Some of them: `at GET /livez and GET /`. */
export function placesOf(endpoints: readonly EndpointAnalysis[]): string {
  return `at ${formatList(endpoints.map(endpointTitle))}`;
}

export function totalOf(
  endpoints: readonly EndpointAnalysis[],
  figure: (endpoint: EndpointAnalysis) => number,
): number {
  return endpoints.reduce((sum, endpoint) => sum + figure(endpoint), 0);
}
