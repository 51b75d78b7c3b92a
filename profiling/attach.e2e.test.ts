/** `--attach` on dist/: a server that is none of ours is looked into and left as it was; what is not Node.js is refused and lives. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { type AttachedProcess, attachProcess } from './run/attach/attach-process.ts';
import { listenersOf } from './run/attach/listening-ports.ts';
import { CONCURRENCY, recordIn, runProfiler } from './testing/profiler-process.ts';

const out = outputFolder();
const INSPECTOR = 9229;
const SERVER = 'profiling/testing/foreign-rooms-server.mjs';

describe('--attach', () => {
  let server: ChildProcess;
  let port: number;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-attach-'));
    [server, port] = await startServer();
  });
  afterAll(async () => {
    await end(server);
    rmSync(folder, { recursive: true });
  });

  const portsOf = async (child: ChildProcess) =>
    (await listenersOf(pidOf(child))).map((listener) => listener.port);
  const enter = (child: ChildProcess, urlPort = port): Promise<AttachedProcess> =>
    attachProcess({ pid: pidOf(child), port: urlPort });

  function expectUnharmed(): void {
    expect([server.exitCode, server.signalCode]).toEqual([null, null]);
  }

  it('measures a foreign server with its memory, CPU and forced collection, and closes its inspector', async () => {
    const address = ['--url', `ws://127.0.0.1:${port}/ws`, '--attach', String(server.pid)];
    const load = ['--tiers', '5', '--duration', '1s', '--warm-up', '200ms', '--seed', '7'];
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, [...address, ...load, '--out', out.path]);
    expect([0, 1, 4], stdout + stderr).toContain(exit);
    const { target, idle, tiers } = recordIn(out.path, 'concurrency');
    expect(target.sees).toEqual({ metrics: false, forcedGc: true });
    expect(target.attached).toMatchObject({
      pid: server.pid,
      nodeVersion: process.version,
      openedInspector: true,
      listenerPids: [server.pid],
    });
    expect(idle.memory?.forcedGc).toBe(true);
    expect(tiers[0]?.memory?.heapUsedBytes).toBeGreaterThan(1_000_000);
    expect(tiers[0]?.serverWindow.cpuCores).toBeGreaterThan(0.05);
    expect(tiers[0]?.load.ledger).toMatchObject({ lost: 0, duplicated: 0 });
    expect(readFileSync(join(out.path, 'report.md'), 'utf8')).toContain(
      `its process ${server.pid} was looked into over its inspector, opened for this run and closed after it`,
    );
    expectHotFunctionNamed();
    expectUnharmed();
    expect(await portsOf(server)).toEqual([port]);
  });

  /** Without --profile: who attaches wants to know what it does. */
  function expectHotFunctionNamed(): void {
    const [profile] = recordIn(out.path, 'concurrency').profiles?.cpu ?? [];
    const source = readFileSync(SERVER, 'utf8').split('\n');
    const line = 1 + source.findIndex((text) => text.startsWith('function plantedHotFunction'));
    const place = { file: SERVER, line };
    expect(
      profile?.functions.find(({ functionName }) => functionName === 'plantedHotFunction'),
    ).toMatchObject(place);
    expect(readFileSync(join(out.path, 'report.md'), 'utf8')).toMatch(
      new RegExp(`plantedHotFunction.*${SERVER}:${line}`),
    );
    expect(JSON.parse(readFileSync(join(out.path, profile?.file ?? ''), 'utf8'))).toHaveProperty('samples');
  }

  it('profiles, streams a snapshot into a private file, and takes one profile of a kind at a time', async () => {
    const attached = await enter(server);
    const { profiles } = attached;
    await profiles.startCpu(500);
    await profiles.startHeap(4_096);
    await expect(profiles.startCpu(500)).rejects.toMatchObject({ code: 'TL_PROFILE_RUNNING' });
    await fetchCommentary(port);
    expect(JSON.stringify(await profiles.stopCpu())).toMatch(
      /"functionName":"plantedHotFunction",[^}]*foreign-rooms-server\.mjs/,
    );
    expect(JSON.stringify(await profiles.stopHeap())).toContain('"selfSize"');
    await expect(profiles.stopHeap()).rejects.toMatchObject({ code: 'TL_PROFILE_NOT_RUNNING' });
    const file = join(folder, 'a.heapsnapshot');
    const { bytes } = await profiles.writeSnapshot(file);
    expect(statSync(file)).toMatchObject({ size: bytes, mode: 0o100600 });
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toContain('nodes');
    await expect(profiles.writeSnapshot(file)).rejects.toMatchObject({ code: 'TL_OUT_NOT_WRITABLE' });
    expect(await attached.close()).toBeUndefined();
    expectUnharmed();
    expect(await portsOf(server)).toEqual([port]);
  });

  it('uses an inspector that was open before, and leaves it open', async () => {
    const [inspected, ownPort] = await startServer(['--inspect=127.0.0.1:0']);
    try {
      const before = await portsOf(inspected);
      expect(before).toHaveLength(2);
      const attached = await enter(inspected, ownPort);
      expect(attached.description.openedInspector).toBe(false);
      await attached.close();
      expect(await portsOf(inspected)).toEqual(before);
    } finally {
      await end(inspected);
    }
  });

  it('refuses what is not Node.js, whatever it is called, and sends it nothing', async () => {
    const sleep = '/bin/sleep';
    symlinkSync(sleep, join(folder, 'nodejs'));
    copyFileSync(sleep, join(folder, 'node'));
    for (const program of [sleep, join(folder, 'nodejs'), join(folder, 'node')]) {
      const sleeper = spawn(program, ['30'], { stdio: 'ignore' });
      await new Promise((resolve) => sleeper.once('spawn', resolve));
      try {
        await expect(enter(sleeper)).rejects.toMatchObject({
          code: 'TL_ATTACH_REFUSED',
          message: expect.stringMatching(
            /which is (not called node or nodejs|called node and is not Node\.js)$/,
          ),
        });
      } finally {
        await end(sleeper);
        // Whoever had sent it SIGUSR1 would have ended it by that.
        expect(sleeper.signalCode).toBe('SIGKILL');
      }
    }
  });

  it('refuses a taken inspector port and a pid that is none, with usage exits and without load', async () => {
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(INSPECTOR, '127.0.0.1', resolve));
    try {
      await expect(enter(server)).rejects.toMatchObject({
        code: 'TL_ATTACH_REFUSED',
        message: expect.stringContaining('whose inspector port 9229 is taken by another process'),
      });
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
    const argv = ['--url', `ws://127.0.0.1:${port}/ws`, '--attach', '4194304', '--out', join(folder, 'none')];
    const { exit, stderr } = await runProfiler(CONCURRENCY, argv);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('received 4194304: no such process')]);
    expectUnharmed();
  });
});

async function startServer(nodeOptions: readonly string[] = []): Promise<[ChildProcess, number]> {
  const child = fork(SERVER, [], {
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const message = await new Promise<{ readonly port: number }>((resolve) =>
    child.once('message', (told) => resolve(told as { readonly port: number })),
  );
  return [child, message.port];
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected a process that was started; received none');
  return pid;
}

async function fetchCommentary(port: number): Promise<void> {
  const body = JSON.stringify({ minute: 1, text: 'Goal!' });
  for (let goal = 0; goal < 5; goal += 1) {
    await fetch(`http://127.0.0.1:${port}/matches/1/commentary`, { method: 'POST', body });
  }
}
