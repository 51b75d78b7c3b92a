/** HTTP requests by route and status: bounded counters behind the HTTP metrics. */

import { BucketHistogram } from '../hub/bucket-histogram.ts';

/** The public port has about ten routes; what goes beyond this is one series, "other". */
const MAX_ROUTES = 16;
const OTHER_ROUTE = 'other';

export interface RouteRequests {
  readonly countByStatus: ReadonlyMap<number, number>;
  readonly durationSeconds: BucketHistogram;
}

interface MutableRouteRequests extends RouteRequests {
  readonly countByStatus: Map<number, number>;
}

export class HttpRequests {
  readonly #bounds: readonly number[];
  readonly #routes = new Map<string, MutableRouteRequests>();

  /** @param bounds upper bounds of the duration histogram, in seconds */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  /**
   * @param route the route's pattern (`/matches/:matchId/commentary`), never a path with values in it
   * @param status the response's status code
   */
  observe(route: string, status: number, durationSeconds: number): void {
    const requests = this.#routeFor(route);
    requests.countByStatus.set(status, (requests.countByStatus.get(status) ?? 0) + 1);
    requests.durationSeconds.observe(durationSeconds);
  }

  /** Every route seen so far. */
  routes(): ReadonlyMap<string, RouteRequests> {
    return this.#routes;
  }

  #routeFor(route: string): MutableRouteRequests {
    const key = this.#routes.has(route) || this.#routes.size < MAX_ROUTES ? route : OTHER_ROUTE;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const created = {
      countByStatus: new Map<number, number>(),
      durationSeconds: new BucketHistogram(this.#bounds),
    };
    this.#routes.set(key, created);
    return created;
  }
}
