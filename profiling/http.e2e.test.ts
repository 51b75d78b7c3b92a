/** `load:http` as users start it, on the compiled output: the reference server, and one that is anybody's. */

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { HTTP, ProfilerProcess, printedVerdict, recordIn, runProfiler } from './testing/profiler-process.ts';

const SHORT = ['--duration', '300ms', '--warm-up', '50ms', '--connections', '4'];
const LONG = ['--duration', '60s', '--warm-up', '50ms', '--connections', '4'];

const out = outputFolder();

function failedChecks(stdout: string): readonly string[] {
  const { checks } = printedVerdict(stdout);
  return checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
}

interface Anybody extends AsyncDisposable {
  readonly url: string;
  /** Answers with 429 so far. */
  refused(): number;
  stop(): Promise<void>;
}

/** A server that is not ours: it limits the rate of one path, and cuts one in twenty connections of another. */
async function startAnybody(): Promise<Anybody> {
  let [asked, refused] = [0, 0];
  const server = createServer(({ url, socket }, response) => {
    asked += 1;
    if (url === '/limited') {
      refused += 1;
      response.writeHead(429, { 'retry-after': '1' }).end('{"code":"slow_down"}');
    } else if (url === '/sick' && asked % 20 === 0) socket.destroy();
    else response.end('fine');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

describe('load:http on the reference server', () => {
  it('asks every endpoint, counts what the server counts, and passes; under a fault, answers are late', async () => {
    const words = ['--endpoints', 'livez', '--fault', 'slow-loop=1200ms', '--timeout', '1s'];
    const window = ['--duration', '4500ms', '--warm-up', '0s', '--out', join(out.path, 'late'), '--json'];
    const late = runProfiler(HTTP, [...words, ...window]);
    const profiler = new ProfilerProcess(HTTP, [...SHORT, '--out', out.path, '--json']);
    const { exit, stdout, stderr } = await profiler.ended;
    const { exit: lateExit, stdout: lateStdout, stderr: lateStderr } = await late;
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
    expect(lateExit, lateStdout + lateStderr).toBe(1);
    expect(failedChecks(lateStdout)).toEqual(['http-timeouts']);
  });
});

describe('load:http on anybody’s server', () => {
  it('tells cut connections and a limit that it meets, by its status and words; and that nobody is there', async () => {
    await using server = await startAnybody();
    const nobody = runProfiler(HTTP, ['--url', 'http://127.0.0.1:1/', '--quiet']);
    const paths = ['--url', server.url, '--paths', '/fine?a=1,/limited,/sick'];
    const { exit, stdout, stderr } = await runProfiler(HTTP, [
      ...paths,
      ...SHORT,
      '--out',
      out.path,
      '--json',
    ]);
    expect(exit, stdout + stderr).toBe(1);
    expect(failedChecks(stdout)).toEqual(['http-errors', 'http-non-2xx']);
    const check = printedVerdict(stdout).checks.find(({ name }) => name === 'http-non-2xx');
    expect(check?.observed).toBe(server.refused());
    const [fine] = recordIn(out.path, 'http').endpoints;
    expect(fine).toMatchObject({ path: '/fine?a=1', counted: null });
    expect(fine?.load).toMatchObject({ statuses: [{ status: 200, count: fine?.load.sent }], failures: [] });
    const report = readFileSync(join(out.path, 'report.md'), 'utf8');
    expect(report).toMatch(/limits the rate or the connections of one address/);
    expect(report).toContain('slow_down');
    const { exit: code, stderr: said } = await nobody;
    expect(said).toMatch(/^TL_TARGET_UNREACHABLE: expected an HTTP server at http:.*ECONNREFUSED/);
    expect(code).toBe(3);
  });

  it('ends with what was measured when the server dies, and on Ctrl-C', async () => {
    await using dying = await startAnybody();
    await using staying = await startAnybody();
    const start = (url: string, folder: string) =>
      new ProfilerProcess(HTTP, ['--url', `${url}/fine?b`, '--out', join(out.path, folder), ...LONG]);
    const [orphan, stopped] = [start(dying.url, 'died'), start(staying.url, 'stopped')];
    await Promise.all([orphan.until(/measuring/), stopped.until(/measuring/)]);
    await dying.stop();
    stopped.child.kill('SIGINT');
    const died = await orphan.ended;
    expect(died.exit, died.stdout + died.stderr).toBe(3);
    expect(recordIn(join(out.path, 'died'), 'http')).toMatchObject({
      outcome: { state: 'aborted', code: 'TL_TARGET_DIED' },
      endpoints: [{ path: '/fine?b', load: { state: 'lost-target', givenUp: 4 } }],
    });
    expect((await stopped.ended).exit).toBe(130);
    const { outcome, endpoints } = recordIn(join(out.path, 'stopped'), 'http');
    expect(outcome.state).toBe('interrupted');
    expect(endpoints[0]?.load.measureAchievedMs).toBeLessThan(30_000);
    expect(stopped.leftovers()).toEqual([]);
  });
});
