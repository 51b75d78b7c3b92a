import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../server/testing/server-process.ts';
import { PROMETHEUS_FOLDER } from './testing/rule-files.ts';

interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
}

/** The real Prometheus with the real configuration, in a folder laid out as the project is. */
describe('Prometheus with prometheus.yml', () => {
  let root: string;
  let server: ServerProcess;
  let prometheus: ChildProcess;
  let api: string;

  const targetsFile = () => join(root, '.touchline/targets/run.json');
  const ask = async (path: string) =>
    ((await (await fetch(`${api}/api/v1/${path}`)).json()) as { data: never }).data;
  const targets = async (): Promise<readonly Target[]> =>
    (await ask('targets?state=active'))['activeTargets'];
  const query = async (expression: string): Promise<readonly { readonly metric: Record<string, string> }[]> =>
    (await ask(`query?query=${encodeURIComponent(expression)}`))['result'];
  const address = () => new URL(server.urls.adminUrl).host;

  /** Asks again until it holds; the test's own time is the limit. */
  async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
    for (;;) {
      const value = await read();
      if (holds(value)) return value;
      await wait(100);
    }
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'touchline-prometheus-'));
    const folder = join(root, 'dashboards/provisioning/prometheus');
    await cp(PROMETHEUS_FOLDER, folder, { recursive: true });
    await mkdir(join(root, '.touchline/targets'), { recursive: true });
    server = await ServerProcess.start();
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(root, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (prometheus.stderr === null) throw new Error('expected a pipe');
    for await (const line of createInterface(prometheus.stderr)) {
      const [, found] = /msg="Listening on" address=(\S+)/.exec(line) ?? [];
      if (found !== undefined) api = `http://${found}`;
      if (line.includes('Server is ready')) break;
    }
    prometheus.stderr.resume();
  });

  afterAll(async () => {
    prometheus.kill('SIGTERM');
    await Promise.all([once(prometheus, 'exit'), server.stop()]);
    await rm(root, { recursive: true, force: true });
  });

  it('takes a target that a run announces within seconds, as of the job that its file says', async () => {
    const group = { targets: [address()], labels: { job: 'touchline-server' } };
    await writeFile(`${targetsFile()}.part`, JSON.stringify([group]));
    await rename(`${targetsFile()}.part`, targetsFile());
    const isUp = ({ labels, health }: Target) => labels['instance'] === address() && health === 'up';
    const found = await until(targets, (all) => all.some(isUp));
    expect(found.find(isUp)?.labels).toEqual({ instance: address(), job: 'touchline-server' });
  });

  it('records its rules, and says nothing of a default server that nobody started', async () => {
    const [recorded] = await until(
      () => query('instance:touchline_loop_delay_seconds:p99_rate30s'),
      (result) => result.length > 0,
    );
    expect(recorded?.metric).toMatchObject({ instance: address(), job: 'touchline-server' });
    // Its well-known ports may show a run of another test, which has alerts of its own.
    expect(await query('ALERTS{job!~"touchline-(profiler|run-server)"}')).toEqual([]);
  });

  it('takes no target twice, knows the first run without a file, and drops a target with its file', async () => {
    const groups = [
      { targets: ['127.0.0.1:9464'], labels: { job: 'touchline-server' } },
      { targets: ['127.0.0.1:9465'], labels: { job: 'touchline-profiler' } },
    ];
    await writeFile(`${targetsFile()}.part`, JSON.stringify(groups));
    await rename(`${targetsFile()}.part`, targetsFile());
    const found = await until(targets, (all) => all.every(({ labels }) => labels['instance'] !== address()));
    expect(
      found.map(({ labels }) => labels).toSorted((a, b) => (a['job'] ?? '').localeCompare(b['job'] ?? '')),
    ).toEqual([
      { instance: '127.0.0.1:9465', job: 'touchline-profiler' },
      { instance: '127.0.0.1:9469', job: 'touchline-run-server' },
      { instance: '127.0.0.1:9464', job: 'touchline-server' },
    ]);
  });
});
