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

/** How an endpoint is called in a sentence: `livez`; of a path that was given `GET /a`. */
export function endpointTitle({
  name,
  method,
  path,
}: Pick<EndpointAnalysis, 'name' | 'method' | 'path'>): string {
  return name === path ? `${method} ${path}` : name;
}

/** Some of them: `at livez and page`. */
export function placesOf(endpoints: readonly EndpointAnalysis[]): string {
  return `at ${formatList(endpoints.map(endpointTitle))}`;
}

export function totalOf(
  endpoints: readonly EndpointAnalysis[],
  figure: (endpoint: EndpointAnalysis) => number,
): number {
  return endpoints.reduce((sum, endpoint) => sum + figure(endpoint), 0);
}
