/** The requests that a run of `http` sends, one after the other. */

import type { HttpRequest } from '../../../load-tests/generator/http/http-plan.ts';
import { HTTP_ENDPOINTS, type HttpEndpointDefinition } from '../../record/http-endpoints.ts';
import { matchIdOfTier } from '../../run/run-names.ts';
import type { ScenarioOptions } from '../scenario-options.ts';

/** About what a line of live commentary has. */
const TEXT_LENGTH = 200;

/** One request, under the name it is told by. */
export interface NamedRequest extends HttpRequest {
  readonly name: string;
  readonly publishes: boolean;
  /** Where a match is read: what it must hold before, posted there. */
  readonly history: { readonly path: string; readonly items: number } | null;
}

/** As many commentaries as `history` asks for. */
const HISTORY_ITEMS = 20;

/** The body of a commentary. */
export const COMMENTARY = JSON.stringify({
  minute: 1,
  text: 'A commentary of the scenario http. '.padEnd(TEXT_LENGTH, '.'),
});

/** @param startedAt epoch ms when the run began; with the seed it makes the match */
export function requestsOf(options: ScenarioOptions, startedAt: number): readonly NamedRequest[] {
  const { endpoints, paths } = options.http;
  if (paths.length > 0) return paths.map(pathRequest);
  const matchId = options.matchId ?? matchIdOfTier(startedAt, options.seed, 0);
  return endpoints.map((name) => {
    const { method, path }: HttpEndpointDefinition = HTTP_ENDPOINTS[name];
    const publishes = name === 'publish';
    const real = path.replace(':matchId', String(matchId));
    return {
      name,
      method,
      path: real,
      body: publishes ? COMMENTARY : null,
      withToken: publishes,
      publishes,
      history: name === 'history' ? { path: real.split('?')[0] ?? real, items: HISTORY_ITEMS } : null,
    };
  });
}

function pathRequest(path: string): NamedRequest {
  return { name: path, method: 'GET', path, body: null, withToken: true, publishes: false, history: null };
}

/** Where autocannon's own result is kept, in the folder of the run: `autocannon/1-livez.json`. */
export function autocannonFileOf(name: string, index: number): string {
  const words = name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `autocannon/${index + 1}-${words.slice(0, 60) || 'root'}.json`;
}
