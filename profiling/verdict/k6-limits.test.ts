/** The limits of the k6 scripts are those of the scenarios: k6 reads a table of its own, which must say the same. */
import { describe, expect, it } from 'vitest';
import { JUDGED, type JudgedScript, LIMITS, thresholdsFor } from '../../load-tests/k6/lib/limits.ts';
import type { ScenarioName } from '../record/run-record.ts';
import { THRESHOLDS, type ThresholdDefinition, type ThresholdName, thresholdsOf } from './thresholds.ts';

const SCENARIO_OF: Readonly<Record<JudgedScript, ScenarioName>> = {
  matches: 'concurrency',
  broadcast: 'broadcast',
  ticks: 'firehose',
  churn: 'churn',
  http: 'http',
};

/** Limits of the scenarios that k6 does not judge, and why. */
const INSIDE = 'it is inside the server';
const NOT_JUDGED: Readonly<Record<string, string>> = {
  'rss-per-connection': INSIDE,
  'cpu-per-1000': INSIDE,
  structures: INSIDE,
  listeners: INSIDE,
  timers: INSIDE,
  fds: INSIDE,
  classes: INSIDE,
  'release-time': INSIDE,
  'half-open': 'k6 cannot fall silent',
  'half-open-missed': 'k6 cannot fall silent',
  'http-broadcasts': 'the counter of broadcasts is inside the server',
  'sustained-rate': 'a test of k6 has one rate, by default this one',
  'sustained-tick-rate': 'more than k6 can read',
};

describe.each(Object.entries(SCENARIO_OF))('the k6 script %s', (script, scenario) => {
  const judged: readonly string[] = JUDGED[script as JudgedScript];

  it('judges every limit of its scenario that it can see', () => {
    const left = thresholdsOf(scenario).filter((name) => !(name in NOT_JUDGED));
    expect(judged.toSorted()).toEqual(left.toSorted());
  });

  it('holds them to the same values, in the same sense', () => {
    for (const name of judged as readonly (keyof typeof LIMITS & ThresholdName)[]) {
      const { limit, comparison }: ThresholdDefinition = THRESHOLDS[name];
      expect(LIMITS[name].limit, name).toBe(limit);
      for (const [metric, expression] of LIMITS[name].thresholds) {
        expect(thresholdsFor(script as JudgedScript)[metric]).toContain(expression);
        if (!expression.startsWith('p(')) continue;
        expect(expression.split(')')[1]).toBe(`${comparison === 'below' ? '<' : '<='}${limit}`);
      }
    }
  });
});

it('the k6 scripts have a limit for nothing else, and no reason too many', () => {
  expect(Object.keys(LIMITS).every((name) => Object.hasOwn(THRESHOLDS, name))).toBe(true);
  const scenarios = Object.values(SCENARIO_OF).flatMap(thresholdsOf);
  expect(Object.keys(NOT_JUDGED).filter((name) => !scenarios.includes(name as ThresholdName))).toEqual([]);
});
