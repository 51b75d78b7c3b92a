/**
 * HTTP: publishing, reading what was published and the health checks, at a fixed rate of requests. Nobody watches the match, so
 * this is what a request costs without a fan-out.
 *
 *   k6 run -e RATE=200 -e DURATION=30s load-tests/k6/http.ts
 */

import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { httpThresholds } from './lib/limits.ts';
import { atRate, planOf, type RunStart, SHARED_OPTIONS, startRun } from './lib/run-plan.ts';
import { K6_SCRIPTS } from './lib/script-catalogue.ts';
import { readSettings } from './lib/settings.ts';
import { type SummaryData, summaryOf } from './lib/summary.ts';
import { showZeros } from './virtual-users/load-metrics.ts';
import { publish } from './virtual-users/publisher.ts';

const settings = readSettings(__ENV, K6_SCRIPTS.http);
const { httpUrl, matchId, ratePerSecond } = settings;
/** A server that is busy may say that it is not ready: that is an answer, and no error. */
const READS = [
  { name: 'GET commentary', url: `${httpUrl}/matches/${matchId}/commentary?limit=20`, statuses: [200] },
  { name: 'GET livez', url: `${httpUrl}/livez`, statuses: [200] },
  { name: 'GET readyz', url: `${httpUrl}/readyz`, statuses: [200, 503] },
] as const;

export const options = {
  ...SHARED_OPTIONS,
  scenarios: { request: { ...atRate('request', ratePerSecond, planOf(settings)), startTime: '0s' } },
  thresholds: httpThresholds(),
};

export function setup(): RunStart {
  return startRun(settings, Date.now());
}

/** One request: every fourth publishes. */
export function request(start: RunStart): void {
  const turn = exec.scenario.iterationInTest;
  if (turn === 0) showZeros();
  const read = READS[(turn % (READS.length + 1)) - 1];
  if (read === undefined) publish(settings, start, ratePerSecond);
  else {
    const { name, url, statuses } = read;
    const answer = http.get(url, {
      tags: { name },
      responseCallback: http.expectedStatuses(...statuses),
    });
    check(answer, {
      [`${name} was answered ${statuses.join(' or ')}`]: ({ status }) =>
        statuses.some((one) => one === status),
    });
  }
}

/** k6 marks its series as ended right behind the last figures; these shall be seen before. */
export function teardown(): void {
  sleep(settings.lingerSeconds);
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return summaryOf({ script: 'http', load: `${ratePerSecond} requests/s`, timedOneIn: 0, settings, data });
}
