import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOAD_METRIC_CATALOGUE } from '../../profiling/live/load-metric-catalogue.ts';
import { RUN_ADMIN_PORT } from '../../profiling/run/run-admin-port.ts';
import { METRIC_CATALOGUE, type MetricDefinition } from '../../server/observability/metric-catalogue.ts';
import { metricNames } from '../testing/promql-names.ts';
import { expressionTests, readYaml, rulesOf } from './testing/rule-files.ts';

const RECORDING = rulesOf('rules/recording-rules.yml');
const ALERTS = rulesOf('rules/alerts.yml');
const RUNBOOK = readFileSync(new URL('../RUNBOOK.md', import.meta.url), 'utf8');
/** Prometheus' own, and what redis_exporter says. */
const FOREIGN = ['up', 'redis_up'];

const recorded = new Set(RECORDING.map(({ record = '' }) => record));

/** Every name a catalogue leads one to expect in Prometheus. */
function known(): ReadonlySet<string> {
  const names = new Set([...FOREIGN, ...recorded]);
  const all: Record<string, MetricDefinition> = { ...METRIC_CATALOGUE, ...LOAD_METRIC_CATALOGUE };
  for (const [name, { type }] of Object.entries(all)) {
    const parts = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const part of parts) names.add(name + part);
  }
  return names;
}

describe('recording rules and alerts', () => {
  it('read metrics that exist', () => {
    const names = known();
    const unknown = [...RECORDING, ...ALERTS].flatMap(({ record, alert, expr }) =>
      metricNames(expr)
        .filter((name) => !names.has(name))
        .map((name) => `${record ?? alert}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('are named level:metric:operation, and TouchlineXxx', () => {
    for (const { record } of RECORDING) expect(record).toMatch(/^instance:touchline_[a-z_]+:[a-z0-9_]+$/);
    for (const { alert } of ALERTS) expect(alert).toMatch(/^Touchline([A-Z][a-z]+)+$/);
    const names = [...recorded, ...ALERTS.map(({ alert = '' }) => alert)];
    expect(new Set(names).size).toBe(RECORDING.length + ALERTS.length);
  });

  it('never name a run, a room or a user', () => {
    const text = JSON.stringify([...RECORDING, ...ALERTS].map(({ expr }) => expr));
    expect(text).not.toMatch(/\b(run|room|match|user|connection)\b\s*[=,)]/);
  });
});

describe('each recording rule', () => {
  it.each([...recorded])('%s is tested, with a value', (name) => {
    const tests = expressionTests().filter(
      ({ expr, exp_samples: samples }) => samples.length > 0 && metricNames(expr).includes(name),
    );
    expect(tests).not.toEqual([]);
  });
});

describe.each(ALERTS.map((alert) => [alert.alert ?? '', alert] as const))('the alert %s', (name, alert) => {
  const tests = expressionTests().filter(({ expr }) => expr.includes(`alertname="${name}"`));
  const firing = tests.filter(({ exp_samples: samples }) => samples.length > 0);

  it('has a case that fires and one that must not, on an instance that is there', () => {
    expect(firing).not.toEqual([]);
    const quiet = tests.filter(({ exp_samples: samples }) => samples.length === 0);
    expect(quiet.filter(({ expr }) => !expr.includes('instance="sick"'))).not.toEqual([]);
  });

  it('says how bad it is, what it means and what to do', () => {
    expect(alert.labels?.['severity']).toMatch(/^(warning|critical)$/);
    for (const part of ['summary', 'description', 'runbook']) {
      expect(alert.annotations?.[part]?.length, part).toBeGreaterThan(15);
    }
  });

  it('uses only labels in its texts that it has when it fires', () => {
    const texts = Object.values(alert.annotations ?? {}).join('\n');
    for (const [, label = ''] of texts.matchAll(/\$labels\.(\w+)/g)) {
      for (const { exp_samples: samples } of firing) {
        for (const { labels } of samples) expect(labels).toMatch(new RegExp(`[{,]${label}="`));
      }
    }
  });

  it('has its section in the runbook, and points there', () => {
    expect(alert.annotations?.['runbook_section']).toBe(`dashboards/RUNBOOK.md#${name.toLowerCase()}`);
    const section = RUNBOOK.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
    for (const heading of ['Means', 'Look', 'Do']) expect(section).toContain(`**${heading}:**`);
  });
});

describe('the runbook', () => {
  it('has no section of an alert that is gone', () => {
    const sections = [...RUNBOOK.matchAll(/^## (Touchline\w+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(ALERTS.map(({ alert }) => alert).toSorted());
  });

  it('asks only for metrics that exist', () => {
    const names = known();
    const asked = [...RUNBOOK.matchAll(/`((?:touchline|process|nodejs|redis|instance:)[a-z0-9_:]+)`/g)].map(
      ([, name = '']) => name,
    );
    const bare = new Set([...names].map((name) => name.replace(/_bucket$/, '')));
    expect(asked.filter((name) => !bare.has(name) && !names.has(name))).toEqual([]);
  });
});

interface ScrapeConfig {
  readonly job_name: string;
  readonly static_configs?: unknown;
  readonly file_sd_configs?: readonly {
    readonly files: readonly string[];
    readonly refresh_interval: string;
  }[];
}
interface PrometheusConfig {
  readonly global: { readonly scrape_interval: string; readonly scrape_timeout: string };
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly ScrapeConfig[];
}

describe('prometheus.yml', () => {
  const native = readYaml<PrometheusConfig>('prometheus.yml');
  const compose = readYaml<PrometheusConfig>('prometheus.compose.yml');
  const runs = ({ scrape_configs: jobs }: PrometheusConfig) =>
    jobs.find(({ job_name: name }) => name === 'touchline-runs')?.file_sd_configs;

  it('scrapes each second, and gives up before the next', () => {
    expect(native.global).toMatchObject({ scrape_interval: '1s', scrape_timeout: '900ms' });
  });

  it('is the same in compose but for the addresses', () => {
    expect(compose.global).toEqual(native.global);
    expect(compose.rule_files).toEqual(native.rule_files);
    const jobs = ({ scrape_configs: all }: PrometheusConfig) => all.map(({ job_name: name }) => name);
    expect(jobs(compose)).toEqual(expect.arrayContaining(jobs(native)));
    expect(runs(compose)?.[0]?.refresh_interval).toBe(runs(native)?.[0]?.refresh_interval);
  });

  it('sets no label of a run', () => {
    expect(JSON.stringify([native, compose])).not.toMatch(/"target_label":"(run|scenario|job)"/);
  });
});

interface Configuration {
  readonly global: unknown;
  readonly rule_files: unknown;
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

describe('prometheus.yml and prometheus.compose.yml', () => {
  it('scrape as often, by the same rules and the same jobs; beside them only what the containers have', () => {
    const native = readYaml<Configuration>('prometheus.yml');
    const compose = readYaml<Configuration>('prometheus.compose.yml');
    expect(compose.global).toEqual(native.global);
    expect(compose.rule_files).toEqual(native.rule_files);
    const jobs = ({ scrape_configs }: Configuration) => scrape_configs.map(({ job_name }) => job_name);
    expect(jobs(native)).toEqual(['touchline-server', 'touchline-runs']);
    expect(jobs(compose).toSorted()).toEqual([...jobs(native), 'touchline-profiler', 'redis'].toSorted());
  });

  it('know the ports that a run takes first', () => {
    const text = JSON.stringify(readYaml('prometheus.yml'));
    expect(text).toContain(`127.0.0.1:${RUN_ADMIN_PORT}`);
  });
});
