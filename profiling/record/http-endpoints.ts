/** The HTTP endpoints of the reference server that are measured, by name (server/PROTOCOL.md, "HTTP"). */

/** One request; `:matchId` in its path stands for a match of the run's own. */
export interface HttpEndpointDefinition {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly what: string;
}

/** What changes the server's settings or throws its figures away is left out. */
export const HTTP_ENDPOINTS = {
  livez: { method: 'GET', path: '/livez', what: 'liveness' },
  readyz: { method: 'GET', path: '/readyz', what: 'readiness' },
  page: { method: 'GET', path: '/', what: 'the page that watches a match' },
  publish: { method: 'POST', path: '/matches/:matchId/commentary', what: 'a commentary of 200 characters' },
  history: {
    method: 'GET',
    path: '/matches/:matchId/commentary?limit=20',
    what: 'the last 20 commentaries of a match',
  },
  config: { method: 'GET', path: '/config', what: 'settings of the tick feed' },
  stats: { method: 'GET', path: '/stats', what: 'figures of the tick feed' },
  symbols: { method: 'GET', path: '/ticks/symbols', what: 'symbols of the tick feed' },
} as const satisfies Record<string, HttpEndpointDefinition>;

export type HttpEndpointName = keyof typeof HTTP_ENDPOINTS;
export const HTTP_ENDPOINT_NAMES = Object.keys(HTTP_ENDPOINTS) as readonly HttpEndpointName[];
