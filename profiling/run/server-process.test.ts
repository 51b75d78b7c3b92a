import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerProcess } from './server-process.ts';

/** Small programs that behave as a server's process does, or not. */
const LISTENS = `
  const base = 'http://127.0.0.1:1';
  process.send({ type: 'listening', pid: process.pid, wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: base, adminUrl: base });
  console.log('env', Object.keys(process.env).sort().join(','), typeof gc);
`;
const DRAINS = `const work = setInterval(() => {}, 1000); process.on('SIGTERM', () => clearInterval(work)); ${LISTENS}`;
const IGNORES_SIGTERM = `setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); ${LISTENS}`;

describe('ServerProcess', () => {
  let folder: string;
  let started: ServerProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-server-process-'));
  });
  afterEach(async () => {
    await started?.stop(0);
    started = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function start(program: string, startTimeoutMs = 10_000): Promise<ServerProcess> {
    const entryFile = join(folder, 'server.cjs');
    await writeFile(entryFile, program);
    const environment = { ONLY: 'this' };
    const options = { entryFile, environment, nodeOptions: [], logFile: log(), startTimeoutMs };
    started = await ServerProcess.start(options);
    return started;
  }
  const log = () => join(folder, 'server.log');

  it('starts with exactly its own environment, garbage collection exposed and its words in the log', async () => {
    const server = await start(DRAINS);
    expect(server.pid).toBe(server.listening.pid);
    expect(server.isRunning).toBe(true);
    expect(await server.stop(10_000)).toEqual({ code: 0, signal: null });
    expect(server.isRunning).toBe(false);
    expect(await readFile(log(), 'utf8')).toMatch(/env .*ONLY.* function/);
    expect(await readFile(log(), 'utf8')).not.toContain('PATH');
  });

  it('is not said to have died when it was stopped', async () => {
    const server = await start(DRAINS);
    await server.stop(10_000);
    expect(server.died.aborted).toBe(false);
  });

  it('kills a server that does not end in time', async () => {
    const server = await start(IGNORES_SIGTERM);
    expect(await server.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('tells when the server dies by itself', async () => {
    const server = await start(DRAINS);
    const death = new Promise((resolve) => server.died.addEventListener('abort', resolve));
    process.kill(server.pid, 'SIGKILL');
    await death;
    expect(server.isRunning).toBe(false);
    expect(await server.stop(1_000)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    [
      'ends',
      'console.error("PORT: expected a port; received x"); process.exitCode = 2;',
      /exit code 2.*PORT: expected/s,
    ],
    ['says nothing', 'setInterval(() => {}, 1000);', /nothing came within 300 ms/],
    ['says something else', 'process.send({ type: "hello" }); setInterval(() => {}, 1000);', /nothing came/],
  ])('explains a server that %s', async (_, program, expected) => {
    const timeoutMs = program.includes('exitCode') ? 10_000 : 300;
    const failure = await start(program, timeoutMs).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TL_SERVER_START_FAILED',
      message: expect.stringMatching(expected),
    });
  });

  it('explains an entry that is not there', async () => {
    const entryFile = join(folder, 'missing.js');
    const options = { entryFile, environment: {}, nodeOptions: [], logFile: log(), startTimeoutMs: 10_000 };
    await expect(ServerProcess.start(options)).rejects.toMatchObject({
      code: 'TL_SERVER_START_FAILED',
      message: expect.stringContaining('missing.js'),
    });
  });
});
