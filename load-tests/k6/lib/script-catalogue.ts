/** The scripts, and what each does unless it is told otherwise. */

import type { Defaults } from './settings.ts';

export interface ScriptDefinition extends Defaults {
  readonly help: string;
  /** What `CLIENTS` counts; null where it counts nothing. */
  readonly clientsAre: string | null;
  /** What `RATE` counts. */
  readonly rateIs: string;
}

export const K6_SCRIPTS = {
  matches: {
    path: '/ws',
    clients: 100,
    ratePerSecond: 10,
    durationSeconds: 30,
    help: 'clients watch a match to which commentary is published; limits of concurrency',
    clientsAre: 'clients',
    rateIs: 'broadcasts',
  },
  broadcast: {
    path: '/ws',
    clients: 100,
    ratePerSecond: 100,
    durationSeconds: 30,
    help: 'many messages a second to the clients of one match; limits of broadcast',
    clientsAre: 'clients',
    rateIs: 'broadcasts',
  },
  ticks: {
    path: '/ticks',
    clients: 10,
    ratePerSecond: 1_000,
    durationSeconds: 30,
    help: 'readers of the tick feed; limits of firehose but for its rate',
    clientsAre: 'readers',
    rateIs: 'ticks',
  },
  churn: {
    path: '/ws',
    clients: 200,
    ratePerSecond: 50,
    durationSeconds: 30,
    // Three virtual users for each, of some 300 KB: 1 GB.
    mostRatePerSecond: 1_000,
    help: 'clients come and go, others reconnect all at once and resume; limits of churn that k6 can see',
    clientsAre: 'clients that reconnect at once',
    rateIs: 'clients that come and go',
  },
  http: {
    path: '/ws',
    clients: 1,
    ratePerSecond: 200,
    durationSeconds: 30,
    help: 'publishing, reading and health checks over HTTP, with nobody watching; limits of http',
    clientsAre: null,
    rateIs: 'requests',
  },
} as const satisfies Record<string, ScriptDefinition>;

export type K6ScriptName = keyof typeof K6_SCRIPTS;

export const K6_SCRIPT_NAMES = Object.keys(K6_SCRIPTS) as readonly K6ScriptName[];
