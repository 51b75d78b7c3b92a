/**
 * HTTP: publishing, reading what was published and the health checks, at a fixed rate of requests. Nobody watches the match, so
 * this is what a request costs without a fan-out. Judged by the limits of the scenario `http`.
 *
 *   k6 run -e RATE=200 -e DURATION=30s load-tests/k6/http.ts
 */

import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { summaryOf } from './lib/handle-summary.ts';
import { HTTP_CHECKS, thresholdsFor } from './lib/limits.ts';
import { atRate, planOf, REQUEST_TIMEOUT, type RunStart, SHARED_OPTIONS, startRun } from './lib/run-plan.ts';
import { K6_SCRIPTS } from './lib/script-catalogue.ts';
import { readSettings } from './lib/settings.ts';
import type { SummaryData } from './lib/summary.ts';
import { showZeros } from './virtual-users/load-metrics.ts';
import { publish } from './virtual-users/publisher.ts';

const settings = readSettings(__ENV, K6_SCRIPTS.http);
const { httpUrl, matchId, ratePerSecond } = settings;
const READS = [
  { name: 'GET commentary', url: `${httpUrl}/matches/${matchId}/commentary?limit=20` },
  { name: 'GET livez', url: `${httpUrl}/livez` },
  { name: 'GET readyz', url: `${httpUrl}/readyz` },
] as const;

/** @see https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
const TIMED_OUT = 1050;

export const options = {
  ...SHARED_OPTIONS,
  scenarios: { request: { ...atRate('request', ratePerSecond, planOf(settings)), startTime: '0s' } },
  thresholds: thresholdsFor('http'),
};

export function setup(): RunStart {
  return startRun(settings, Date.now());
}

/** One request: every fourth publishes. */
export function request(start: RunStart): void {
  const turn = exec.scenario.iterationInTest;
  if (turn === 0) showZeros();
  const read = READS[(turn % (READS.length + 1)) - 1];
  checkAnswer(
    read === undefined
      ? publish(settings, start, ratePerSecond)
      : http.get(read.url, { tags: { name: read.name }, timeout: REQUEST_TIMEOUT }),
  );
}

/** As the scenario counts them: no answer, one that came too late, or one that says no. */
function checkAnswer(answer: RefinedResponse<ResponseType | undefined>): void {
  const isLate = answer.error_code === TIMED_OUT;
  const isAnswered = answer.status !== 0;
  check(answer, { [HTTP_CHECKS.answered]: () => isAnswered || isLate, [HTTP_CHECKS.inTime]: () => !isLate });
  if (isAnswered) check(answer, { [HTTP_CHECKS.ok]: ({ status }) => status >= 200 && status < 300 });
}

/** k6 marks its series as ended right behind the last figures; these shall be seen before. */
export function teardown(): void {
  sleep(settings.lingerSeconds);
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return summaryOf({ script: 'http', load: `${ratePerSecond} requests/s`, timedOneIn: 0, settings, data });
}
