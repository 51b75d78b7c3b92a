/** What the admin port answers: one entry for each path. */

import { jsonAnswer } from './admin-answer.ts';
import type { AdminRoute } from './admin-route.ts';
import { type CountedClasses, chooseClasses, createClassCounter } from './class-counts.ts';
import { listConnections, parseConnectionLimit } from './connection-list.ts';
import { forceGc } from './forced-gc.ts';
import { createHeapSnapshotWriter } from './heap-snapshot.ts';
import { type Instrumentation, parseSwitch } from './instrumentation.ts';
import { readLifecycle } from './lifecycle.ts';
import type { LongLivedEmitters } from './listener-counts.ts';
import type { LiveFeed } from './live/live-feed.ts';
import { liveRoutes } from './live/live-routes.ts';
import type { MetricSources } from './metric-sources.ts';
import type { Metrics } from './metrics.ts';
import { profileRoutes } from './profiles/profile-routes.ts';

export interface AdminRouteOptions {
  readonly sources: MetricSources;
  readonly metrics: Metrics;
  readonly instrumentation: Instrumentation;
  /** Whose listeners `/debug/lifecycle` counts. */
  readonly emitters: LongLivedEmitters;
  /** Whose instances `/debug/class-counts` counts. */
  readonly classes: CountedClasses;
  /** Ends connections of this port that wait for another request, so that they are not counted. */
  readonly closeIdleConnections: () => void;
  /** What `/live` shows. */
  readonly feed: LiveFeed;
  /** Where heap snapshots get their private folders. */
  readonly snapshotFolder?: string;
}

/** Routes by path. */
export function createAdminRoutes(options: AdminRouteOptions): ReadonlyMap<string, AdminRoute> {
  const { sources, metrics, instrumentation, emitters, classes, closeIdleConnections } = options;
  const countClasses = createClassCounter();
  const snapshots = createHeapSnapshotWriter(options.snapshotFolder);
  return new Map<string, AdminRoute>([
    [
      '/metrics',
      {
        method: 'GET',
        access: 'open',
        answer: async ({ accept }) => ({ status: 200, ...(await metrics.scrape(accept)) }),
      },
    ],
    ['/debug/gc', { method: 'POST', access: 'token', answer: async () => jsonAnswer(await forceGc()) }],
    [
      '/debug/heap-snapshot',
      { method: 'POST', access: 'token', answer: async () => jsonAnswer(await snapshots.write()) },
    ],
    [
      '/debug/instrumentation',
      {
        method: 'POST',
        access: 'token',
        async answer({ query }) {
          instrumentation.switchTo(parseSwitch(query.get('on')));
          return jsonAnswer({ on: instrumentation.isOn });
        },
      },
    ],
    [
      '/debug/class-counts',
      {
        method: 'POST',
        access: 'token',
        async answer({ query }) {
          const chosen = chooseClasses(query.get('classes'), classes);
          closeIdleConnections();
          return jsonAnswer(await countClasses(chosen));
        },
      },
    ],
    [
      '/debug/connections',
      {
        method: 'GET',
        access: 'token',
        answer: async ({ query }) =>
          jsonAnswer(listConnections(sources, parseConnectionLimit(query.get('limit')))),
      },
    ],
    [
      '/debug/lifecycle',
      {
        method: 'GET',
        access: 'token',
        answer: async () => jsonAnswer(await readLifecycle(sources, emitters)),
      },
    ],
    ...profileRoutes(),
    ...liveRoutes(options.feed),
  ]);
}
