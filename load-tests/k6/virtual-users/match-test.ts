/** A test of one match: clients that watch it, and commentary that is published to it at a fixed rate. */

import { sleep } from 'k6';
import { summaryOf } from '../lib/handle-summary.ts';
import { thresholdsFor } from '../lib/limits.ts';
import { atRate, onceEach, planOf, type RunStart, SHARED_OPTIONS, startRun } from '../lib/run-plan.ts';
import { K6_SCRIPTS } from '../lib/script-catalogue.ts';
import { readSettings } from '../lib/settings.ts';
import type { SummaryData } from '../lib/summary.ts';
import { publish as publishOne } from './publisher.ts';
import { deliverySampleEvery, watchMatch } from './watch-match.ts';

/**
 * What k6 expects a script to export.
 *
 * @param script whose defaults and limits it has
 */
export function matchTest(script: 'matches' | 'broadcast') {
  const settings = readSettings(__ENV, K6_SCRIPTS[script]);
  const { clients, ratePerSecond, lingerSeconds } = settings;
  const plan = planOf(settings);
  return {
    options: {
      ...SHARED_OPTIONS,
      scenarios: {
        watch: onceEach('watch', clients, plan),
        publish: atRate('publish', ratePerSecond, plan),
      },
      thresholds: thresholdsFor(script),
    },
    setup: (): RunStart => startRun(settings, Date.now()),
    /** One client. */
    watch: (start: RunStart): void => watchMatch(settings, start),
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
