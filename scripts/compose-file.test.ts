import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { K6_SCRIPT_NAMES, K6_SCRIPTS } from '../load-tests/k6/lib/script-catalogue.ts';
import { readSettings } from '../load-tests/k6/lib/settings.ts';
import { K6_SETTINGS } from '../load-tests/k6-runner/k6-command.ts';
import { readRunOptions } from '../profiling/cli/run-options.ts';
import { readConfig } from '../server/config.ts';
import { interpolate, PROJECT_FOLDER, readComposeFile, type Service } from './testing/compose-file.ts';
import { execWords, instructionOf, parseDockerfile } from './testing/dockerfile.ts';

const compose = readComposeFile();
const SERVICES = Object.entries(compose.services);
const STAGES = parseDockerfile(readFileSync(`${PROJECT_FOLDER}server/Dockerfile`, 'utf8'));
const PINNED = /^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/;

function stageOf({ build }: Service) {
  return STAGES.find(({ name }) => name === build?.target);
}

/** A service, which the test takes for there. */
function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new RangeError(`expected a service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  it('holds the Compose Specification, which refuses a wrong one', () => {
    const schema = new URL('./testing/compose-spec/compose-spec.json', import.meta.url);
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    const [[name = '', first] = []] = SERVICES;
    expect(validate({ services: { [name]: { ...first, prots: ['8000:8000'] } } })).toBe(false);
  });

  it('has the services that are asked for, load and scale only on demand', () => {
    const profiles = Object.fromEntries(SERVICES.map(([name, { profiles: of = [] }]) => [name, of]));
    expect(profiles).toEqual({
      server: [],
      'scaled-server': ['scale'],
      prometheus: [],
      grafana: [],
      redis: [],
      'redis-exporter': [],
      k6: ['load'],
      profiler: ['load'],
    });
  });
});

describe.each(SERVICES)('the service %s', (_name, its) => {
  it('is pinned by version, and so is what it is built from', () => {
    expect(its.image).toMatch(PINNED);
    if (its.build === undefined) return;
    expect(existsSync(`${PROJECT_FOLDER}${its.build.dockerfile}`)).toBe(true);
    expect(stageOf(its)?.image).toMatch(PINNED);
  });

  it('publishes on loopback only', () => {
    for (const port of its.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('has a health check, or runs once', () => {
    const stage = stageOf(its);
    const built = stage === undefined ? undefined : instructionOf(stage, 'HEALTHCHECK');
    const check = its.healthcheck?.test ?? built;
    if (its.restart === undefined) expect(its.profiles).toEqual(['load']);
    else expect(check).toBeDefined();
  });

  it('has limits, no root, no capability and a root folder it cannot write', () => {
    expect(Object.keys(its.deploy?.resources.limits ?? {}).toSorted()).toEqual(['cpus', 'memory', 'pids']);
    expect(its.user).toMatch(/^(node|[1-9]\d*:\d+)$/);
    expect(its).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('holds no secret', () => {
    const words = [
      ...Object.entries(its.environment ?? {}),
      ...(its.command ?? []).map((word) => word.split('=', 2)),
    ];
    for (const [name = '', value = ''] of words) {
      if (/token|password|secret/i.test(name)) expect(value).toMatch(/^(\$\{[A-Z_]+:-\})?$/);
    }
  });

  it('mounts what is there, and what is not its own without writing', () => {
    for (const volume of its.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      if (!source.startsWith('./')) continue;
      expect(existsSync(PROJECT_FOLDER + source), source).toBe(true);
      expect(mode).toBe('ro');
    }
  });
});

describe('what the services run', () => {
  it.each(['server', 'profiler'])('exists in the project (%s)', (name) => {
    const stage = STAGES.find((candidate) => candidate.name === name);
    const words =
      service(name).command ?? execWords(stage === undefined ? '' : (instructionOf(stage, 'CMD') ?? ''));
    const file = words.find((word) => word.endsWith('.js')) ?? '';
    const source = file.startsWith('dist/') ? file.replace('dist/', '').replace('.js', '.ts') : file;
    expect(words[0]).toBe('node');
    expect(existsSync(PROJECT_FOLDER + source), file).toBe(true);
  });

  it.each(['server', 'scaled-server'])('is a configuration the server takes (%s)', (name) => {
    const raw = Object.entries(service(name).environment ?? {});
    const environment = Object.fromEntries(
      raw.map(([variable, value]) => [
        variable,
        interpolate(String(value), { API_TOKEN: 'a', ADMIN_TOKEN: 'b' }),
      ]),
    );
    const result = readConfig({ ...environment, NODE_ENV: 'production' });
    expect(result).toMatchObject({ ok: true, config: { settings: { HOST: '0.0.0.0', API_TOKEN: 'a' } } });
  });

  it('are options that the profiler takes', () => {
    const [, , ...words] = service('profiler').command ?? [];
    const argv = words.map((word) => interpolate(word, { API_TOKEN: 'a' }));
    const asked = readRunOptions(
      argv,
      { command: 'concurrency', scenario: 'concurrency' },
      { environment: {}, randomSeed: 1 },
    );
    expect(asked).toMatchObject({
      kind: 'run',
      options: {
        apiToken: 'a',
        target: { url: 'ws://server:8000/ws', metrics: 'http://server:9464/metrics' },
      },
    });
  });

  it('reaches services by names that exist and that they answer to', () => {
    const text = JSON.stringify(compose.services);
    const hosts = new Set(
      [...text.matchAll(/(?:ws|http|redis):\/\/([\w.-]+)[:/]/g)].map(([, host = '']) => host),
    );
    hosts.delete('127.0.0.1');
    for (const host of hosts) expect(compose.services).toHaveProperty(host);
    const allowed = service('server').environment?.['ALLOWED_HOSTS']?.split(',');
    expect(allowed).toEqual(['server', 'scaled-server']);
  });

  it('lets k6 send what `npm run load:k6` sends', () => {
    const { K6_PROMETHEUS_RW_SERVER_URL: url, ...rest } = Object.fromEntries(
      Object.entries(service('k6').environment ?? {}).filter(
        ([name]) => name.startsWith('K6_') || name in K6_SETTINGS,
      ),
    );
    expect(rest).toEqual(K6_SETTINGS);
    expect(url).toBe('http://prometheus:9090/api/v1/write');
  });

  it.each(K6_SCRIPT_NAMES)('is a k6 script that is there, told what it takes (%s)', (name) => {
    const { command = [], environment = {}, volumes = [] } = service('k6');
    const [source, inside] = (volumes[0] ?? '').split(':');
    const script = interpolate(command.at(-1) ?? '', { K6_SCRIPT: name });
    expect(existsSync(PROJECT_FOLDER + script.replace(inside ?? '', source ?? '')), script).toBe(true);
    const raw = Object.entries(environment).map(([variable, value]) => [
      variable,
      interpolate(String(value), {}),
    ]);
    const settings = readSettings(Object.fromEntries(raw), K6_SCRIPTS[name]);
    expect(settings.wsUrl).toBe(`ws://server:8000${K6_SCRIPTS[name].path}`);
    expect(settings.clients).toBe(K6_SCRIPTS[name].clients);
  });

  it('mounts the configuration that Prometheus and Grafana are told of', () => {
    const [config = ''] = service('prometheus').command ?? [];
    const folder = `${PROJECT_FOLDER}dashboards/provisioning/prometheus/`;
    expect(existsSync(config.replace('--config.file=/etc/prometheus/', folder))).toBe(true);
    const { GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: home = '', TOUCHLINE_BOARDS: boards = '' } =
      service('grafana').environment ?? {};
    expect(existsSync(home.replace(boards, `${PROJECT_FOLDER}dashboards/json`)), home).toBe(true);
  });

  it('scrapes each service at the port that it serves', () => {
    const text = readFileSync(
      `${PROJECT_FOLDER}dashboards/provisioning/prometheus/prometheus.compose.yml`,
      'utf8',
    );
    for (const target of ['server:9464', 'redis-exporter:9121']) expect(text).toContain(`'${target}'`);
    for (const name of ['scaled-server', 'profiler']) expect(text).toContain(`names: [${name}]`);
  });

  it('leaves nobody to log in to Grafana as', () => {
    expect(service('grafana').environment).toMatchObject({
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    });
  });
});
