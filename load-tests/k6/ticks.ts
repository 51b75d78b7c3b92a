/**
 * Ticks: readers of the firehose at a fixed rate, in JSON. Judged by the limits of the scenario `firehose`, but for the rate: k6
 * reads tens of thousands of messages a second, not the hundreds of thousands that the scenario asks for. The server's rate is
 * set for the test and put back afterwards. Near its end the rate goes down to 1/s, so that nothing is under way when readers
 * leave and the tick that follows a lost one shows the gap.
 *
 *   k6 run -e CLIENTS=10 -e RATE=1000 -e DURATION=30s load-tests/k6/ticks.ts
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { setTimeout } from 'k6/timers';
import { summaryOf } from './lib/handle-summary.ts';
import { LIMITS, thresholdsFor } from './lib/limits.ts';
import { parseEvent } from './lib/parse-event.ts';
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
import { showZeros } from './virtual-users/load-metrics.ts';
import { jsonHeaders } from './virtual-users/publisher.ts';
import { takeTurn } from './virtual-users/schedule.ts';
import { TickReader } from './virtual-users/tick-reader.ts';

const settings = readSettings(__ENV, K6_SCRIPTS.ticks);
const { clients, ratePerSecond, durationSeconds } = settings;
const plan = planOf(settings);
const timedOneIn = settings.sampleEvery || sampleEvery(clients * ratePerSecond * durationSeconds);
/** The last tick of the calmed feed comes within a second. */
const CALM_SECONDS = 2.5;
/** Enough for a p99 of how late k6 is. */
const TURNS_PER_SECOND = 20;

export const options = {
  ...SHARED_OPTIONS,
  scenarios: {
    read: onceEach('read', clients, plan),
    pace: atRate('pace', TURNS_PER_SECOND, plan),
    calm: {
      ...onceEach('calm', 1, plan),
      startTime: `${plan.joinSeconds + durationSeconds + plan.drainSeconds}s`,
    },
  },
  thresholds: thresholdsFor('ticks'),
};

interface TickStart extends RunStart {
  /** The server's configuration before the test, to be put back. */
  readonly before: { readonly rate: number; readonly rampEnabled: boolean; readonly source: string };
}

function configure(part: Readonly<Record<string, unknown>>): void {
  const tags = { name: 'POST config' };
  const { status, body } = http.post(`${settings.httpUrl}/config`, JSON.stringify(part), {
    headers: jsonHeaders(settings),
    tags,
  });
  if (status !== 200) exec.test.abort(`expected POST /config to be answered 200; received ${status} ${body}`);
}

function readConfiguration(): TickStart['before'] {
  const { status, body } = http.get(`${settings.httpUrl}/config`, { tags: { name: 'GET config' } });
  const configuration = parseEvent(String(body));
  if (status !== 200 || configuration === null) {
    exec.test.abort(
      `expected GET /config to be answered 200 with the configuration of a touchline server; received ${status} ${String(body).slice(0, 100)}`,
    );
  }
  return configuration as unknown as TickStart['before'];
}

export function setup(): TickStart {
  const { rate, rampEnabled, source } = readConfiguration();
  configure({ rate: ratePerSecond, rampEnabled: false, source: 'unique' });
  return { ...startRun(settings, Date.now()), before: { rate, rampEnabled, source } };
}

/** One reader. */
export function read({ startedAtMs }: TickStart): void {
  const index = exec.scenario.iterationInTest;
  const fromMs = startedAtMs + plan.joinSeconds * 1_000;
  if (index === 0) showZeros();
  const join = () =>
    new TickReader({
      url: `${settings.wsUrl}?format=json`,
      sampler: new Sampler(timedOneIn, index),
      window: { fromMs, toMs: fromMs + durationSeconds * 1_000 },
      enough: ratePerSecond * durationSeconds * LIMITS['delivered-ratio'].limit,
      leaveAtMs: startedAtMs + (plan.leaveSeconds + CALM_SECONDS) * 1_000,
    });
  setTimeout(join, joinAfterMs(plan, index, clients));
}

/** Nothing but how late k6 is with its own schedule: the server publishes here, so nothing else would tell. */
export function pace(): void {
  takeTurn(TURNS_PER_SECOND);
}

/** Slows the feed down before the readers leave. */
export function calm(): void {
  configure({ rate: 1 });
}

export function teardown({ before }: TickStart): void {
  configure(before);
  // k6 marks its series as ended right behind the last figures; these shall be seen before.
  sleep(settings.lingerSeconds);
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return summaryOf({
    script: 'ticks',
    load: `${clients} readers, ${ratePerSecond} ticks/s each`,
    timedOneIn,
    settings,
    data,
  });
}
