import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';
import { grafanaEnvironment } from './grafana-environment.ts';
import { addressTable, missingText } from './observe-text.ts';
import { PROMETHEUS_FOLDER, prometheusConfig } from './prometheus-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-observe-unit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds a program by the first name that is there and may be run', async () => {
  for (const name of ['a', 'b']) await mkdir(join(folder, name));
  const write = async (file: string, mode: number) => {
    await writeFile(join(folder, file), '');
    await chmod(join(folder, file), mode);
  };
  await write('a/grafana', 0o644);
  await write('b/grafana-server', 0o755);
  await mkdir(join(folder, 'a/prometheus'));
  const path = `${join(folder, 'a')}:${join(folder, 'b')}:`;
  expect(findProgram(['grafana', 'grafana-server'], path)).toBe(join(folder, 'b/grafana-server'));
  expect(findProgram(['prometheus'], path)).toBeUndefined();
});

it('takes the next port where one is taken', async () => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  expect(await freePort(port)).toBeGreaterThan(port);
  taken.close();
  await once(taken, 'close');
  expect(await freePort(port)).toBe(port);
});

it('writes a configuration that promtool takes, with odd folders too', async () => {
  const targetsFolder = join(folder, 'it\'s a "folder": #1');
  const rulesFolder = join(folder, 'rules');
  await mkdir(rulesFolder);
  await writeFile(join(rulesFolder, 'some.yml'), 'groups: []\n');
  const file = join(folder, 'prometheus.yml');
  const committed = await readFile(join(PROMETHEUS_FOLDER, 'prometheus.yml'), 'utf8');
  const config = prometheusConfig({ committed, server: '127.0.0.1:4321', targetsFolder, rulesFolder });
  expect(config).not.toMatch(/9464|: \[?'?rules\/|\.\.\/\.touchline/);
  await writeFile(file, config);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', file], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toMatch(/is valid prometheus config file syntax/);
  expect(status).toBe(0);
});

it('gives Grafana the surroundings that docker-compose.yml gives it', async () => {
  const compose = parse(await readFile('docker-compose.yml', 'utf8')) as {
    readonly services: { readonly grafana: { readonly environment: Readonly<Record<string, string>> } };
  };
  const { PROMETHEUS_URL, TOUCHLINE_BOARDS, ...settings } = compose.services.grafana.environment;
  expect([PROMETHEUS_URL, TOUCHLINE_BOARDS]).not.toContain(undefined);
  const session = { port: 3_000, folder, projectFolder: '/project', prometheusUrl: 'http://127.0.0.1:9090' };
  const home = 'GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH';
  expect(grafanaEnvironment(session)).toMatchObject({
    ...settings,
    [home]: '/project/dashboards/json/touchline-overview.json',
    PROMETHEUS_URL: 'http://127.0.0.1:9090',
    TOUCHLINE_BOARDS: '/project/dashboards/json',
  });
});

const SERVER = {
  wsUrl: 'ws://127.0.0.1:8000/ws',
  httpUrl: 'http://127.0.0.1:8000',
  adminUrl: 'http://127.0.0.1:9464',
};

it('lists what can be opened, and nothing that is not there', () => {
  const prometheusUrl = 'http://127.0.0.1:9090';
  expect(addressTable({ ...SERVER, prometheusUrl, grafanaUrl: undefined })).toBe(`
  live        http://127.0.0.1:9464/live     key panels, once a second
  server      ws://127.0.0.1:8000/ws         publish at http://127.0.0.1:8000
  metrics     http://127.0.0.1:9464/metrics  of the server
  Prometheus  http://127.0.0.1:9090          scrapes once a second
`);
  expect(missingText({ prometheusUrl, grafanaUrl: undefined, liveUrl: 'L' })).toBe(
    'Grafana is not installed; L shows the same key panels without it.\nNow run npm run profile:concurrency in another terminal. Ctrl-C stops everything.',
  );
  expect(missingText({ prometheusUrl, grafanaUrl: 'G', liveUrl: 'L' })).toMatch(/^Now run/);
});
