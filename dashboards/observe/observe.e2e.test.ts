/** `npm run observe` as it is started, with the real Prometheus, and nothing of it left afterwards. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfilerMetrics } from '../../profiling/testing/profiler-metrics.ts';

const ENTRY = fileURLToPath(new URL('../observe.js', import.meta.url));

let folder: string;
let targets: string;
/** Where the command puts what is temporary. */
let temporary: string;
let command: ObserveCommand | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-observe-test-'));
  targets = join(folder, 'targets');
  temporary = join(folder, 'tmp');
  for (const name of [targets, temporary, join(folder, 'bin')]) await mkdir(name);
});
afterEach(async () => {
  await command?.stop('SIGTERM');
  command = undefined;
  await rm(folder, { recursive: true, force: true });
});

class ObserveCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';
  #look: () => void = () => {};

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [ENTRY, ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: '0',
        ADMIN_PORT: '0',
        LIVE_TARGETS: targets,
        TMPDIR: temporary,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when everything answers. */
  async ready(): Promise<void> {
    const seen = new Promise<'ready'>((resolve) => {
      this.#look = () => {
        if (this.stdout.includes('Ctrl-C stops everything.')) resolve('ready');
      };
      this.#look();
    });
    if ((await Promise.race([seen, this.ended])) !== 'ready') {
      throw new Error(`expected it to start; it ended:\n${this.stdout}${this.stderr}`);
    }
  }

  url(name: string): string {
    const url = new RegExp(`^  ${name} +(\\S+)`, 'm').exec(this.stdout)?.[1];
    if (url === undefined) throw new Error(`expected an address of ${name} in:\n${this.stdout}`);
    return url;
  }

  /** Process ids of what it started, by the first word of their command. */
  async children(): Promise<ReadonlyMap<string, number>> {
    const { pid } = this.child;
    const ids = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);
    const named = ids.map(async (id) => {
      const words = (await readFile(`/proc/${id}/cmdline`, 'utf8')).split('\0');
      return [
        words.some((word) => word.endsWith('server/main.js')) ? 'server' : (words[0] ?? ''),
        id,
      ] as const;
    });
    return new Map(await Promise.all(named));
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

async function observe(env: Readonly<Record<string, string>> = {}): Promise<ObserveCommand> {
  command = new ObserveCommand([], env);
  await command.ready();
  return command;
}

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

async function query(prometheus: string, expression: string): Promise<Answer['data']['result']> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  return ((await answer.json()) as Answer).data.result;
}

const exists = (pid: number) => existsSync(`/proc/${pid}`);

async function expectNothingLeft(pids: Iterable<number>): Promise<void> {
  for (const pid of pids) expect(exists(pid)).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
}

describe('with Prometheus', () => {
  it('shows the server and a run by their addresses, and ends everything on Ctrl-C', async () => {
    const started = await observe();
    expect((await fetch(started.url('live'))).status).toBe(200);
    const prometheus = started.url('Prometheus');
    const server = new URL(started.url('metrics')).host;
    await expect
      .poll(() => query(prometheus, 'touchline_connections'), { timeout: 20_000 })
      .toEqual([
        {
          metric: { __name__: 'touchline_connections', instance: server, job: 'touchline-server' },
          value: [expect.any(Number), '0'],
        },
      ]);
    const profiler = await ProfilerMetrics.start();
    profiler.set('touchline_profile_connections', 42);
    await writeFile(
      join(targets, 'run.json'),
      JSON.stringify([{ targets: [profiler.address], labels: { job: 'touchline-profiler' } }]),
    );
    await expect
      .poll(() => query(prometheus, 'touchline_profile_connections'), { timeout: 20_000 })
      .toMatchObject([
        {
          metric: { job: 'touchline-profiler', instance: profiler.address },
          value: [0, '42'].with(0, expect.any(Number)),
        },
      ]);
    await profiler.stop();
    const pids = await started.children();
    expect(pids.size).toBe(2);
    expect(await started.stop('SIGINT')).toBe(0);
    expect(started.stderr).toBe('');
    await expectNothingLeft(pids.values());
  });

  it('says what ended by itself, and ends the rest', async () => {
    const started = await observe();
    const pids = await started.children();
    process.kill([...pids].find(([name]) => name.endsWith('prometheus'))?.[1] ?? 0, 'SIGKILL');
    expect(await started.ended).toBe(1);
    expect(started.stderr).toContain('expected Prometheus to run until Ctrl-C; it ended with SIGKILL');
    await expectNothingLeft(pids.values());
  });

  it('may be stopped before it has started', async () => {
    command = new ObserveCommand([]);
    await once(command.child.stdout ?? command.child, 'data');
    expect(await command.stop('SIGTERM')).toBe(0);
    expect(command.stderr).toBe('');
    await expectNothingLeft([]);
  });
});

it('goes on without Prometheus, and says how to install it', async () => {
  const started = await observe({ PATH: join(folder, 'bin') });
  expect(started.stdout).toContain('Prometheus is not installed: apt-get install prometheus');
  expect(started.stdout).toContain(`${started.url('live')} works without it.`);
  expect(await (await fetch(started.url('live'))).text()).toContain('<title>touchline live</title>');
  const pids = await started.children();
  expect([...pids.keys()]).toEqual(['server']);
  expect(await started.stop('SIGTERM')).toBe(0);
  await expectNothingLeft(pids.values());
});

it('gives Grafana our data source and boards, where it is installed', async () => {
  // Stands in for Grafana: answers as healthy, and tells what it was given.
  const grafana = join(folder, 'bin', 'grafana');
  await writeFile(
    grafana,
    `#!${process.execPath}
const { GF_SERVER_HTTP_PORT: port, GF_PATHS_PROVISIONING: folder, PROMETHEUS_URL, TOUCHLINE_BOARDS } = process.env;
const files = [
  folder + '/datasources/prometheus.yml',
  folder + '/dashboards/touchline.yml',
  TOUCHLINE_BOARDS + '/touchline-k6.json',
  process.env.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH,
];
const missing = files.filter((file) => !require('fs').existsSync(file));
const answer = JSON.stringify({ words: process.argv.slice(2), missing, PROMETHEUS_URL });
require('http').createServer((q, r) => r.end(answer)).listen(port, '127.0.0.1');
`,
  );
  await chmod(grafana, 0o755);
  const started = await observe({ PATH: `${join(folder, 'bin')}:${process.env['PATH']}` });
  const answer = (await (await fetch(`${started.url('Grafana')}/`)).json()) as { words: string[] };
  expect(answer).toMatchObject({ missing: [], PROMETHEUS_URL: started.url('Prometheus') });
  expect(answer.words[0]).toBe('server');
  const pids = await started.children();
  expect(pids.size).toBe(3);
  expect(await started.stop('SIGINT')).toBe(0);
  await expectNothingLeft(pids.values());
});

it('passes on that a port is taken', async () => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  command = new ObserveCommand([], { PORT: port });
  expect(await command.ended).toBe(1);
  expect(command.stderr).toContain(`TL_PORT_UNAVAILABLE expected to bind the public port 127.0.0.1:${port}`);
  await expectNothingLeft([]);
  taken.close();
});

it.each([
  [['--help'], 0, /^npm run observe\n/, ''],
  [['--grafana'], 2, /^$/, 'TL_USAGE: unknown option --grafana\nEvery option is explained by --help.\n'],
  [
    ['8000'],
    2,
    /^$/,
    'TL_USAGE: expected no arguments, for every setting is an environment variable; received 8000\nEvery option is explained by --help.\n',
  ],
] as const)('answers %s', async (words, exit, stdout, stderr) => {
  command = new ObserveCommand(words);
  expect(await command.ended).toBe(exit);
  expect(command.stdout).toMatch(stdout);
  expect(command.stderr).toBe(stderr);
});
