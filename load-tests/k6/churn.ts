/**
 * Churn: clients that come, watch a match for a second and go, so many a second; and a storm, in which clients that stayed lose
 * their connection and come back all at once, going on where they were. Judged by those limits of the scenario `churn` that k6
 * can see: it can neither reset a connection nor fall silent, and knows nothing of the server's inside.
 *
 *   k6 run -e CLIENTS=200 -e RATE=50 -e DURATION=30s load-tests/k6/churn.ts
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import { setTimeout } from 'k6/timers';
import { summaryOf } from './lib/handle-summary.ts';
import { thresholdsFor } from './lib/limits.ts';
import {
  atRate,
  joinAfterMs,
  onceEach,
  planOf,
  type RunStart,
  SHARED_OPTIONS,
  startRun,
} from './lib/run-plan.ts';
import { Sampler, sampleEvery } from './lib/sampling.ts';
import { K6_SCRIPTS } from './lib/script-catalogue.ts';
import { readSettings } from './lib/settings.ts';
import type { SummaryData } from './lib/summary.ts';
import { recovered, showZeros } from './virtual-users/load-metrics.ts';
import { MatchClient } from './virtual-users/match-client.ts';
import { publish as publishOne } from './virtual-users/publisher.ts';
import { RoomBook } from './virtual-users/room-book.ts';

const settings = readSettings(__ENV, K6_SCRIPTS.churn);
const { wsUrl: url, matchId, ratePerSecond, clients: stormClients, durationSeconds } = settings;
const plan = planOf(settings);
/** So that nobody misses more than the hundred messages that a match keeps. */
const BROADCASTS_PER_SECOND = 10;
/** How long a client that comes and goes stays. */
const STAY_MS = 1_000;
/** How long the clients of the storm are away: messages are published meanwhile. */
const AWAY_MS = 1_000;
/** A client stays a second, and on a busy machine is as long on its way in and out. */
const COMERS_PER_RATE = 3;
const timedOneIn =
  settings.sampleEvery ||
  sampleEvery((ratePerSecond + stormClients) * BROADCASTS_PER_SECOND * durationSeconds);

export const options = {
  ...SHARED_OPTIONS,
  scenarios: {
    come: {
      ...atRate('come', ratePerSecond, plan),
      preAllocatedVUs: ratePerSecond * COMERS_PER_RATE,
      maxVUs: ratePerSecond * COMERS_PER_RATE * 2,
    },
    storm: onceEach('storm', stormClients, plan),
    publish: atRate('publish', BROADCASTS_PER_SECOND, plan),
  },
  thresholds: thresholdsFor('churn'),
};

export function setup(): RunStart {
  return startRun(settings, Date.now());
}

function openBook(start: RunStart, index: number): RoomBook {
  return new RoomBook(matchId, start, new Sampler(timedOneIn, index));
}

/** One client that comes, stays and goes. */
export function come(start: RunStart): void {
  const index = exec.scenario.iterationInTest;
  if (index === 0) showZeros();
  const book = openBook(start, index);
  new MatchClient({
    url,
    matchId,
    book,
    onSubscribed: (client) => {
      setTimeout(() => client.leave(), STAY_MS);
    },
  });
}

/** One client of the storm, which breaks loose in the middle of the load. */
export function storm(start: RunStart): void {
  const index = exec.scenario.iterationInTest;
  const book = openBook(start, index);
  const stormAtMs = start.startedAtMs + (plan.joinSeconds + durationSeconds / 2) * 1_000;
  const leaveAtMs = start.startedAtMs + plan.leaveSeconds * 1_000;
  const at = (whenMs: number, act: () => void) => setTimeout(act, Math.max(0, whenMs - Date.now()));
  const comeBack = (before: MatchClient) => {
    new MatchClient({
      url,
      matchId,
      book,
      since: before.position,
      onResumed: (all) => recovered.add(all),
      onSubscribed: (client) => at(leaveAtMs, () => client.leave()),
    });
  };
  const join = () =>
    new MatchClient({
      url,
      matchId,
      book,
      onSubscribed: (client) => {
        at(stormAtMs, () => client.drop());
        at(stormAtMs + AWAY_MS, () => comeBack(client));
      },
    });
  setTimeout(join, joinAfterMs(plan, index, stormClients));
}

/** One broadcast. */
export function publish(start: RunStart): void {
  publishOne(settings, start, BROADCASTS_PER_SECOND);
}

/** k6 marks its series as ended right behind the last figures; these shall be seen before. */
export function teardown(): void {
  sleep(settings.lingerSeconds);
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return summaryOf({
    script: 'churn',
    load: `${ratePerSecond} clients/s come and go, ${stormClients} reconnect at once`,
    timedOneIn,
    settings,
    data,
  });
}
