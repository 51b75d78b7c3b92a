import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { K6_IMAGE } from './find-k6.ts';
import { K6_SETTINGS, type K6CommandOptions, k6Command } from './k6-command.ts';

const OPTIONS: K6CommandOptions = {
  script: 'churn',
  projectFolder: '/project',
  prometheusUrl: 'http://127.0.0.1:9090',
  testId: 'churn-1',
  scriptEnvironment: { URL: 'http://127.0.0.1:8000', API_TOKEN: 'secret' },
  summaryFile: '/tmp/some/summary.json',
  k6Words: ['--quiet'],
};
const RUN = ['run', '--tag=testid=churn-1', '--out=experimental-prometheus-rw', '--quiet'];

describe('k6Command', () => {
  it('runs the program with the script, offline, and pushes to Prometheus', () => {
    const command = k6Command({ kind: 'program', file: 'k6', note: '' }, OPTIONS);
    expect(command.file).toBe('k6');
    expect(command.words).toEqual([...RUN, '/project/load-tests/k6/churn.ts']);
    expect(command.environment).toEqual({
      ...K6_SETTINGS,
      K6_PROMETHEUS_RW_SERVER_URL: 'http://127.0.0.1:9090/api/v1/write',
      LINGER_SECONDS: '2',
      URL: 'http://127.0.0.1:8000',
      API_TOKEN: 'secret',
      SUMMARY_FILE: '/tmp/some/summary.json',
    });
    expect(command.environment).toMatchObject({
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    });
  });

  it('pushes nothing where no Prometheus answers', () => {
    const { words } = k6Command(
      { kind: 'program', file: 'k6', note: '' },
      { ...OPTIONS, prometheusUrl: undefined },
    );
    expect(words.join(' ')).not.toContain('--out');
  });

  it('in Docker shares the network, mounts scripts to be read only, and shows no token among its words', () => {
    const { file, words, environment } = k6Command({ kind: 'docker', image: K6_IMAGE, note: '' }, OPTIONS);
    expect(file).toBe('docker');
    const line = words.join(' ');
    expect(line).toMatch(/^run --rm --network host --user \d+:\d+ /);
    expect(line).toContain('--volume /project/load-tests/k6:/scripts:ro --volume /tmp/some:/summary');
    expect(line).toContain(`${K6_IMAGE} ${RUN.join(' ')} /scripts/churn.ts`);
    expect(line).toContain('--env API_TOKEN --env');
    expect(line).not.toContain('secret');
    expect(environment).toMatchObject({ API_TOKEN: 'secret', SUMMARY_FILE: '/summary/summary.json' });
  });

  it('has the version that go.mod and docker-compose.yml pin', () => {
    const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const version = K6_IMAGE.split(':')[1];
    expect(read('load-tests/k6/go.mod')).toContain(`go.k6.io/k6/v2 v${version} `);
    expect(read('docker-compose.yml')).toContain(`image: ${K6_IMAGE}\n`);
  });
});
