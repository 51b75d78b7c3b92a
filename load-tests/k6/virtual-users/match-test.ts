/** A test of one match: clients that watch it, and commentary that is published to it at a fixed rate. */

import { sleep } from 'k6';
import exec from 'k6/execution';
import { summaryOf } from '../lib/handle-summary.ts';
import { thresholdsFor } from '../lib/limits.ts';
import { atRate, onceEach, planOf, type RunStart, SHARED_OPTIONS, startRun } from '../lib/run-plan.ts';
import { K6_SCRIPTS } from '../lib/script-catalogue.ts';
import { readSettings } from '../lib/settings.ts';
import type { SummaryData } from '../lib/summary.ts';
import { showZeros } from './load-metrics.ts';
import { publish as publishOne } from './publisher.ts';
import { deliverySampleEvery, watchMatch } from './watch-match.ts';

/**
 * Each virtual user has a JavaScript runtime of its own, which costs memory and what k6 spends on collecting it; with fifty
 * clients in one, k6 checks more than twice as many messages with the same CPU.
 */
const CLIENTS_PER_USER = 50;

/**
 * What k6 expects a script to export.
 *
 * @param script whose defaults and limits it has
 */
export function matchTest(script: 'matches' | 'broadcast') {
  const settings = readSettings(__ENV, K6_SCRIPTS[script]);
  const { clients, ratePerSecond, lingerSeconds } = settings;
  const plan = planOf(settings);
  const watchers = Math.ceil(clients / CLIENTS_PER_USER);
  return {
    options: {
      ...SHARED_OPTIONS,
      scenarios: {
        watch: onceEach('watch', watchers, plan),
        publish: atRate('publish', ratePerSecond, plan),
      },
      thresholds: thresholdsFor(script),
    },
    setup: (): RunStart => startRun(settings, Date.now()),
    /** The clients of one virtual user. */
    watch: (start: RunStart): void => {
      const first = exec.scenario.iterationInTest;
      if (first === 0) showZeros();
      for (let index = first; index < clients; index += watchers) watchMatch(settings, start, index);
    },
    /** One broadcast. */
    publish: (start: RunStart): void => {
      publishOne(settings, start, ratePerSecond);
    },
    /** k6 marks its series as ended right behind the last figures; these shall be seen before. */
    teardown: (): void => sleep(lingerSeconds),
    handleSummary: (data: SummaryData): Record<string, string> =>
      summaryOf({
        script,
        load: `${clients} clients, ${ratePerSecond} broadcasts/s`,
        timedOneIn: deliverySampleEvery(settings, ratePerSecond),
        settings,
        data,
      }),
  };
}
