/** Puts the feed of `/live` together: what it reads, and from where. */

import type { Server } from 'node:http';
import type { FamilySamples } from './exposition.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveReader } from './live-reader.ts';

export interface LiveFeedParts {
  /** The admin port's, whose address names this server. */
  readonly server: Server;
  readonly host: string;
  readonly metrics: { read(): Promise<FamilySamples> };
  readonly liveTargets: string;
  readonly onDefect: (error: unknown) => void;
}

/** Nothing is read before the first page opens. */
export function createLiveFeed({ server, host, metrics, liveTargets, onDefect }: LiveFeedParts): LiveFeed {
  const reader = new LiveReader({
    readOwn: () => metrics.read(),
    own: () => ownAddress(server, host),
    targetsFolder: liveTargets,
    nowMs: () => performance.now(),
    epochMs: Date.now,
  });
  return new LiveFeed({ read: () => reader.read(), rest: () => reader.rest(), epochMs: Date.now, onDefect });
}

/** As target files and Prometheus name this server on this machine. */
function ownAddress(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const isAny = host === '0.0.0.0' || host === '::' || host === 'localhost';
  return `${isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
}
