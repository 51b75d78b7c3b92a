/** A run as a real Prometheus sees it: by scraping, by remote write, and gone when it is over. */

import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { outputFolder } from '../../server/testing/output-folder.ts';
import { type FoundSeries, PrometheusProcess } from '../../server/testing/prometheus-process.ts';
import { CONCURRENCY, ProfilerProcess, recordIn } from '../testing/profiler-process.ts';

const out = outputFolder();
const targetsFolder = () => join(out.path, 'targets');
const runFolder = () => join(out.path, 'run');
const prometheuses: PrometheusProcess[] = [];

afterEach(async () => {
  for (const prometheus of prometheuses.splice(0)) await prometheus.stop();
});

async function startPrometheus(): Promise<PrometheusProcess> {
  await mkdir(targetsFolder(), { recursive: true });
  const prometheus = await PrometheusProcess.start(`
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: touchline
    file_sd_configs: [{ files: ['${targetsFolder()}/*.json'] }]
`);
  prometheuses.push(prometheus);
  return prometheus;
}

function startRun(argv: readonly string[]): ProfilerProcess {
  return new ProfilerProcess(CONCURRENCY, [...argv, '--warm-up', '200ms', '--out', runFolder()], {
    environment: { TOUCHLINE_TARGETS: targetsFolder() },
  });
}

/** All that the run's clients received, by run.json. */
function receivedOfRun(): number {
  return recordIn(runFolder(), 'concurrency').tiers.reduce((sum, { load }) => sum + load.ledger.received, 0);
}

function only(found: readonly FoundSeries[]): FoundSeries {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`expected one; ${JSON.stringify(found)}`);
  return first;
}

/** The highest value that one series had. */
async function highest(prometheus: PrometheusProcess, series: string): Promise<number> {
  return only(await prometheus.query(`max_over_time(${series}[2m])`)).value;
}

describe('a run that Prometheus scrapes', () => {
  it('shows its phases, its figures, its server and its verdict, and is gone afterwards', async () => {
    const prometheus = await startPrometheus();
    const { exit, stderr } = await startRun(['--tiers', '10,50,100', '--duration', '1s']).ended;
    expect([0, 1, 4], stderr).toContain(exit);
    expect(await readdir(targetsFolder())).toEqual([]);

    const info = only(await prometheus.query('last_over_time(touchline_profile_run_info[2m])'));
    expect(info.metric).toMatchObject({ scenario: 'concurrency', job: 'touchline-profiler' });
    expect(info.metric['run']).toBe(recordIn(runFolder(), 'concurrency').runId);
    const server = only(await prometheus.query('max_over_time(touchline_connections[2m])'));
    expect(server.metric).toEqual({ job: 'touchline-run-server', instance: info.metric['server'] });
    expect(server.value).toBe(100);

    expect(await highest(prometheus, 'touchline_profile_phase{phase="measure"}')).toBe(1);
    expect(await highest(prometheus, 'touchline_profile_phase{phase="storm"}')).toBe(0);
    expect(await highest(prometheus, 'touchline_profile_connections_wanted')).toBe(100);
    expect(await highest(prometheus, 'touchline_profile_connections')).toBe(100);
    const deliveries = await highest(prometheus, 'touchline_profile_deliveries_total');
    expect(deliveries / receivedOfRun()).toBeCloseTo(1, 2);
    const timed = await highest(prometheus, 'touchline_profile_delivery_latency_seconds_count');
    expect(timed).toBeGreaterThan(0);
    expect(timed).toBeLessThanOrEqual(deliveries);
    const verdicts = await prometheus.query('max_over_time(touchline_profile_verdict[2m]) == 1');
    expect(verdicts.map(({ metric }) => metric['verdict'])).toEqual([
      exit === 0 ? 'pass' : exit === 1 ? 'fail' : 'inconclusive',
    ]);
    const busy = await prometheus.query('max_over_time(touchline_profile_worker_cpu_ratio[2m]) > 0');
    expect(busy.length).toBeGreaterThan(0);
  });
});

describe('a run that is pushed', () => {
  it('is there to its last figure, the server beside it, and ends a second later', async () => {
    const prometheus = await startPrometheus();
    const address = `${prometheus.url}/api/v1/write`;
    const argv = ['--tiers', '10', '--duration', '1s', '--no-live', '--remote-write', address];
    const { exit, stderr } = await startRun(argv).ended;
    expect([0, 1, 4], stderr).toContain(exit);
    expect(stderr).not.toMatch(/--remote-write:|live:/);
    expect(await readdir(targetsFolder())).toEqual([]);

    expect(await highest(prometheus, 'touchline_profile_deliveries_total')).toBe(receivedOfRun());
    expect(await prometheus.query('max_over_time(touchline_profile_verdict[2m]) == 1')).toHaveLength(1);
    const info = only(await prometheus.query('last_over_time(touchline_profile_run_info[2m])'));
    expect(info.metric['job']).toBe('touchline-profiler');
    const server = only(await prometheus.query('max_over_time(touchline_connections[2m])'));
    expect(server.metric).toEqual({ job: 'touchline-run-server', instance: info.metric['server'] });
    // Without its end a series would be shown for five minutes.
    const later = Date.now() / 1_000 + 5;
    expect(await prometheus.query('{job=~"touchline-.*"}', later)).toEqual([]);
  });
});

describe('a run', () => {
  it('shows metrics that promtool takes, and leaves no target behind when it is interrupted', async () => {
    const profiler = startRun(['--tiers', '10', '--duration', '30s']);
    await profiler.until(/measuring/);
    const [file] = await readdir(targetsFolder());
    const groups = JSON.parse(await readFile(join(targetsFolder(), file ?? ''), 'utf8')) as {
      readonly targets: readonly string[];
      readonly labels: Readonly<Record<string, string>>;
    }[];
    expect(groups.map(({ labels }) => labels)).toEqual([
      { job: 'touchline-profiler' },
      { job: 'touchline-run-server' },
    ]);
    const text = await (await fetch(`http://${groups[0]?.targets[0]}/metrics`)).text();
    const promtool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(promtool.stderr + promtool.stdout).toBe('');
    expect(promtool.status).toBe(0);
    profiler.child.kill('SIGINT');
    expect((await profiler.ended).exit).toBe(130);
    expect(await readdir(targetsFolder())).toEqual([]);
  });

  it('leaves none behind when there is nothing to measure', async () => {
    const { exit } = await startRun(['--tiers', '5', '--url', 'ws://127.0.0.1:1/ws']).ended;
    expect(exit).toBe(3);
    expect(await readdir(targetsFolder())).toEqual([]);
  });
});
