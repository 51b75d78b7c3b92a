/**
 * Matches: clients that watch a match, and commentary that is published to it at a fixed rate. Judged by the limits of the scenario
 * `concurrency`, as one of its tiers.
 *
 *   k6 run -e CLIENTS=100 -e RATE=10 -e DURATION=30s load-tests/k6/matches.ts
 */

import { sleep } from 'k6';
import { thresholdsFor } from './lib/limits.ts';
import { atRate, onceEach, planOf, type RunStart, SHARED_OPTIONS, startRun } from './lib/run-plan.ts';
import { K6_SCRIPTS } from './lib/script-catalogue.ts';
import { readSettings } from './lib/settings.ts';
import { type SummaryData, summaryOf } from './lib/summary.ts';
import { publish as publishOne } from './virtual-users/publisher.ts';
import { deliverySampleEvery, watchMatch } from './virtual-users/watch-match.ts';

const settings = readSettings(__ENV, K6_SCRIPTS.matches);
const plan = planOf(settings);

export const options = {
  ...SHARED_OPTIONS,
  scenarios: {
    watch: onceEach('watch', settings.clients, plan),
    publish: atRate('publish', settings.ratePerSecond, plan),
  },
  thresholds: thresholdsFor('matches'),
};

export function setup(): RunStart {
  return startRun(settings, Date.now());
}

/** One client. */
export function watch(start: RunStart): void {
  watchMatch(settings, start);
}

/** One broadcast. */
export function publish(start: RunStart): void {
  publishOne(settings, start, settings.ratePerSecond);
}

/** k6 marks its series as ended right behind the last figures; these shall be seen before. */
export function teardown(): void {
  sleep(settings.lingerSeconds);
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return summaryOf({
    script: 'matches',
    load: `${settings.clients} clients, ${settings.ratePerSecond} broadcasts/s`,
    timedOneIn: deliverySampleEvery(settings, settings.ratePerSecond),
    settings,
    data,
  });
}
