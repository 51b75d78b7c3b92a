/** `load:http` as users start it, on the compiled output: the reference server, and one that is anybody's. */

import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputFolder } from './testing/output-folder.ts';
import { HTTP, ProfilerProcess, printedVerdict, recordIn, runProfiler } from './testing/profiler-process.ts';

const SHORT = ['--duration', '400ms', '--warm-up', '100ms', '--connections', '4'];

const out = outputFolder();

describe('load:http on the reference server', () => {
  it('asks every endpoint, counts what the server counts, and passes', async () => {
    const profiler = new ProfilerProcess(HTTP, [...SHORT, '--out', out.path, '--json']);
    const { exit, stdout, stderr } = await profiler.ended;
    expect(exit, stdout + stderr).toBe(0);
    expect(profiler.leftovers()).toEqual([]);
    const { endpoints } = recordIn(out.path, 'http');
    expect(endpoints).toHaveLength(8);
    for (const { name, load, counted, autocannonFile } of endpoints) {
      const [only] = load.statuses;
      const status = name === 'publish' ? 201 : 200;
      expect(load.statuses, name).toEqual([{ status, count: load.sent, sample: null }]);
      expect(counted?.byStatus, name).toEqual({ [status]: load.sent });
      expect(counted?.broadcasts, name).toBe(name === 'publish' ? only?.count : 0);
      const kept = JSON.parse(readFileSync(join(out.path, autocannonFile ?? ''), 'utf8'));
      expect(kept, name).toMatchObject({ '2xx': load.sent, errors: 0, connections: 4 });
      expect(load.autocannon, name).toEqual(kept);
    }
    // The page is far larger than an answer of health.
    const bytesOf = (wanted: string): number => {
      const own = endpoints.find(({ name }) => name === wanted)?.load.autocannon;
      return ((own?.throughput.average ?? 0) * (own?.duration ?? 0)) / (own?.['2xx'] ?? 1);
    };
    expect(bytesOf('page')).toBeGreaterThan(10 * bytesOf('livez'));
    expect(existsSync(join(out.path, 'requests.svg'))).toBe(true);
    expect(printedVerdict(stdout)).toMatchObject({ scenario: 'http', verdict: 'pass' });
  });

  it('fails under a fault that keeps answers back: timed out', async () => {
    const words = ['--endpoints', 'livez', '--fault', 'slow-loop=1200ms', '--timeout', '1s'];
    const argv = [...words, '--duration', '4500ms', '--warm-up', '0s', '--out', out.path, '--json'];
    const { exit, stdout, stderr } = await runProfiler(HTTP, argv);
    expect(exit, stdout + stderr).toBe(1);
    const failed = printedVerdict(stdout).checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toEqual(['http-timeouts']);
  });
});

describe('load:http on anybody’s server', () => {
  let server: Server;
  let sick: boolean;
  let refused: number;
  beforeEach(async () => {
    sick = false;
    refused = 0;
    let asked = 0;
    server = createServer(({ url, socket }, response) => {
      asked += 1;
      if (url === '/limited') {
        refused += 1;
        response.writeHead(429, { 'retry-after': '1' }).end('{"code":"slow_down"}');
      } else if (sick && asked % 20 === 0) socket.destroy();
      else response.end('fine');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const load = (...words: readonly string[]) =>
    runProfiler(HTTP, [...words, ...SHORT, '--out', out.path, '--json']);

  it('passes where it answers, and tells a limit that it meets by its status and words', async () => {
    const { exit, stdout, stderr } = await load('--url', `${url()}/fine?a=1`);
    expect(exit, stdout + stderr).toBe(0);
    expect(recordIn(out.path, 'http').endpoints).toMatchObject([{ path: '/fine?a=1', counted: null }]);
    const limited = await load('--url', url(), '--paths', '/fine,/limited');
    expect(limited.exit, limited.stdout + limited.stderr).toBe(1);
    const check = printedVerdict(limited.stdout).checks.find(({ name }) => name === 'http-non-2xx');
    expect(check).toMatchObject({ observed: refused, verdict: 'fail' });
    const report = readFileSync(join(out.path, 'report.md'), 'utf8');
    expect(report).toMatch(/limits the rate or the connections of one address/);
    expect(report).toContain('slow_down');
  });

  it('fails where connections are cut, and says that nobody is there where nobody is', async () => {
    sick = true;
    const { exit, stdout, stderr } = await load('--url', url());
    expect(exit, stdout + stderr).toBe(1);
    const failed = printedVerdict(stdout).checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toEqual(['http-errors']);
    const nobody = await runProfiler(HTTP, ['--url', 'http://127.0.0.1:1/', '--quiet']);
    expect(nobody.stderr).toMatch(/^TL_TARGET_UNREACHABLE: expected an HTTP server at http:.*ECONNREFUSED/);
    expect(nobody.exit).toBe(3);
  });

  it('ends with what was measured when the server dies, and on Ctrl-C', async () => {
    const profiler = new ProfilerProcess(HTTP, ['--url', url(), '--out', out.path, '--duration', '60s']);
    await profiler.until(/measuring/);
    server.close();
    server.closeAllConnections();
    const died = await profiler.ended;
    expect(died.exit, died.stdout + died.stderr).toBe(3);
    expect(recordIn(out.path, 'http')).toMatchObject({
      outcome: { state: 'aborted', code: 'TL_TARGET_DIED' },
      endpoints: [{ load: { state: 'lost-target', givenUp: 10 } }],
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const again = new ProfilerProcess(HTTP, ['--url', url(), '--out', out.path, '--duration', '60s']);
    await again.until(/measuring/);
    again.child.kill('SIGINT');
    expect((await again.ended).exit).toBe(130);
    const { outcome, endpoints } = recordIn(out.path, 'http');
    expect(outcome.state).toBe('interrupted');
    expect(endpoints[0]?.load.measureAchievedMs).toBeLessThan(30_000);
    expect(again.leftovers()).toEqual([]);
  });
});
