import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../record/run-record.ts';
import type { ProfileSource } from '../run/profile-source.ts';
import type { LoadOnceMore } from '../scenarios/breach/breach-profiles.ts';
import { breachLimits, breachProfiles } from './breach-limits.ts';

describe('breachLimits', () => {
  it("are the verdict's own, with those of the command line put over them", () => {
    expect(breachLimits('concurrency', { p99: 80 })).toEqual({
      latency: [
        { threshold: 'p50', quantile: 0.5, limitMs: 10, samplesNeeded: 20 },
        { threshold: 'p95', quantile: 0.95, limitMs: 50, samplesNeeded: 200 },
        { threshold: 'p99', quantile: 0.99, limitMs: 80, samplesNeeded: 1_000 },
      ],
    });
  });

  it.each<ScenarioName>(['memory', 'churn', 'overhead', 'firehose'])(
    '%s judges no delivery latency, and is left alone',
    (scenario) => expect(breachLimits(scenario, {})).toBeNull(),
  );
});

describe('breachProfiles', () => {
  const profiles = {} as ProfileSource;
  const of = (cpu: boolean, source: ProfileSource | null) =>
    breachProfiles(
      {
        scenario: { name: 'broadcast' },
        options: { thresholds: {}, profile: { cpu, heap: true } },
        runFolder: '/run',
        projectFolder: '/project',
      },
      { profiles: source },
      {} as LoadOnceMore,
    );

  it('needs a server that can be profiled, and keeps out of the way of --profile cpu', () => {
    expect(of(false, profiles)).not.toBeNull();
    expect(of(true, profiles)).toBeNull();
    expect(of(false, null)).toBeNull();
  });
});
