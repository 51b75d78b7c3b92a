import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminProfiles } from './admin-profiles.ts';
import type { ProfileSource } from './profile-source.ts';

describe('profiles over the admin port', () => {
  let server: Server;
  let profiles: ProfileSource;
  let asked: string[];
  let answers: { status: number; body: unknown };
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-admin-profiles-'));
    asked = [];
    answers = { status: 200, body: {} };
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(answers.status).end(JSON.stringify(answers.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const adminUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    profiles = adminProfiles({ adminUrl, adminToken: 'secret' });
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it('are asked for with the token and the interval', async () => {
    await profiles.startCpu(500);
    await profiles.startHeap(4_096);
    await profiles.stopHeap();
    await profiles.stopCpu();
    expect(asked).toEqual([
      'POST /debug/cpu-profile?do=start&intervalUs=500 Bearer secret',
      'POST /debug/heap-profile?do=start&intervalBytes=4096 Bearer secret',
      'POST /debug/heap-profile?do=stop Bearer secret',
      'POST /debug/cpu-profile?do=stop Bearer secret',
    ]);
  });

  it('come whole when they are large', async () => {
    const samples = Array.from({ length: 500_000 }, (_, index) => index);
    answers = { status: 200, body: { samples } };
    expect(await profiles.stopCpu()).toEqual({ samples });
  });

  it("repeat the target's own words when it refuses", async () => {
    answers = { status: 409, body: { code: 'TL_PROFILE_RUNNING', message: 'one is running' } };
    await expect(profiles.startCpu(1_000)).rejects.toMatchObject({
      code: 'TL_PROFILE_UNAVAILABLE',
      message: expect.stringContaining('HTTP 409 TL_PROFILE_RUNNING: one is running'),
    });
  });

  it('move a snapshot to where it is wanted, for nobody else to read, and remove its folder', async () => {
    const source = join(folder, 'touchline-heap-AbC123');
    mkdirSync(source);
    writeFileSync(join(source, '42.heapsnapshot'), '{"snapshot":1}', { mode: 0o644 });
    answers = { status: 200, body: { path: join(source, '42.heapsnapshot'), bytes: 14, durationMs: 3 } };
    const file = join(folder, 'run', 'heap', 'a.heapsnapshot');

    expect(await profiles.writeSnapshot(file)).toEqual({ bytes: 14, durationMs: 3 });

    expect(readFileSync(file, 'utf8')).toBe('{"snapshot":1}');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(source)).toBe(false);
  });

  it.each(['private/42.heapsnapshot', 'touchline-heap-AbC123/id_rsa'])(
    'never move %s, whatever the target says',
    async (name) => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'mine');
      answers = { status: 200, body: { path, bytes: 4, durationMs: 1 } };
      await expect(profiles.writeSnapshot(join(folder, 'taken'))).rejects.toMatchObject({
        code: 'TL_PROFILE_UNAVAILABLE',
      });
      expect(readFileSync(path, 'utf8')).toBe('mine');
    },
  );

  it('say so when the snapshot is on another machine', async () => {
    const path = '/nowhere/touchline-heap-AbC123/42.heapsnapshot';
    answers = { status: 200, body: { path, bytes: 4, durationMs: 1 } };
    await expect(profiles.writeSnapshot(join(folder, 'taken'))).rejects.toMatchObject({
      code: 'TL_PROFILE_UNAVAILABLE',
      message: expect.stringContaining(path),
    });
  });
});
