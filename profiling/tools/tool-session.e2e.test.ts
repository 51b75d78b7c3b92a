/** Tools that do not do what they should: each is noticed, told, and leaves nothing. Programs stand in for them and for the server. */

import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { ServerProcess } from '../../dist/profiling/run/server-process.js';
import { ToolSession } from '../../dist/profiling/tools/tool-session.js';
import { outputFolderOf } from '../../server/testing/output-folder.ts';
import { isRunning } from '../testing/profiler-process.ts';

/** Says where it listens, and drains when it is asked over its channel. */
const DRAINS = `
  const base = 'http://127.0.0.1:1';
  const work = setInterval(() => {}, 1000);
  process.on('disconnect', () => clearInterval(work));
  require('node:fs').appendFileSync(process.env.PIDS, process.pid + ' ');
  process.send({ type: 'listening', pid: process.pid, wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: base, adminUrl: base });
`;
const DRAINS_ON_SIGINT = DRAINS.replace("'disconnect'", "'SIGINT'");
const NEVER_ENDS = DRAINS.replace('clearInterval(work)', '0').concat(`process.on('SIGINT', () => {});`);

/** Runs the words behind -- as 0x does, tells who it is, then does what it is told. */
const runs = (afterwards: string) => `
  const words = process.argv.slice(process.argv.indexOf('--') + 1);
  const fs = require('node:fs');
  fs.appendFileSync(process.env.PIDS, process.pid + ' ');
  process.on('SIGINT', () => {});
  const write = (file, text) => { fs.mkdirSync('out', { recursive: true }); fs.writeFileSync(file, text); };
  require('node:child_process').spawn(words[0], words.slice(1), { stdio: 'inherit' }).once('exit', () => { ${afterwards} });
`;
const HANGS = 'setInterval(() => {}, 1000);';
const DRAWS = `write('out/flamegraph.html', '<p>deliver dist/server/hub/fan-out.js:1:1</p>');`;

interface Cast {
  readonly tool: string;
  readonly server?: string;
  readonly limits?: Readonly<Record<string, number>>;
  readonly name?: 'flame' | 'doctor';
}

async function stage(test: TestContext, { tool, server = DRAINS, limits = {}, name = 'flame' }: Cast) {
  const runFolder = await outputFolderOf(test);
  const file = (short: string) => join(runFolder, short);
  await writeFile(file('tool.cjs'), tool);
  await writeFile(file('server.cjs'), server);
  const session = new ToolSession({ tool: name, script: file('tool.cjs'), runFolder, limits });
  test.onTestFinished(() => session.close());
  const options = {
    entryFile: file('server.cjs'),
    environment: { PIDS: file('pids') },
    nodeOptions: [],
    logFile: file('server.log'),
    startTimeoutMs: session.startTimeoutMs,
    launcher: session,
  };
  /** Nobody who was started runs any more, and nothing lies where the tool ran. A signal takes its time. */
  const nothingIsLeft = () =>
    vi.waitFor(async () => {
      const pids = (await readFile(file('pids'), 'utf8').catch(() => '')).split(' ').filter(Boolean);
      const folders = (await readdir(runFolder)).filter((entry) => entry.startsWith('.tool-'));
      expect([...pids.filter(isRunning), ...folders]).toEqual([]);
    });
  return { runFolder, session, nothingIsLeft, start: () => ServerProcess.start(options) };
}

describe.concurrent('a tool that does not start the server', () => {
  it.for([
    ['ends with 0 and writes nothing', '', {}, /under 0x; it ended with exit code 0/],
    ['hangs', HANGS, { startMs: 500 }, /under 0x; nothing came within 500 ms/],
    ['breaks', 'throw new Error("no such flag")', {}, /it ended with exit code 1.*no such flag/s],
  ] as const)('%s: told as TL_TOOL_FAILED', async ([_, tool, limits, message], test) => {
    const { start, session, nothingIsLeft } = await stage(test, { tool, limits });
    await expect(start()).rejects.toMatchObject({
      code: 'TL_TOOL_FAILED',
      message: expect.stringMatching(message),
    });
    await session.close();
    await nothingIsLeft();
  });
});

describe.concurrent('a tool that leaves nothing, though it ends well', () => {
  it.for([
    ['writes no file', '', /expected it to write flame\.html; it wrote none; it had ended with exit code 0/],
    ['writes an empty one', `write('out/flamegraph.html', '')`, /it has 0 characters and does not/],
    [
      'writes one without a function of ours',
      `write('out/flamegraph.html', '<p>node:internal</p>')`,
      /expected flame\.html to show the server/,
    ],
  ] as const)('%s: the exit code is not believed', async ([_, afterwards, reason], test) => {
    const { start, session, nothingIsLeft, runFolder } = await stage(test, { tool: runs(afterwards) });
    const server = await start();
    await server.stop(10_000);
    expect(await session.collect()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(reason),
    });
    await session.close();
    expect(existsSync(join(runFolder, 'flame.html'))).toBe(false);
    await nothingIsLeft();
  });
});

describe.concurrent('a tool that hangs', () => {
  it('after the server has ended: is ended with what it started', async (test) => {
    const limits = { collectMs: 500 };
    const tool = runs(`${DRAWS} ${HANGS}`);
    const { start, session, nothingIsLeft } = await stage(test, { tool, limits });
    await (await start()).stop(10_000);
    expect(await session.collect()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^after 0\.5 s of collecting it was ended/),
    });
    await session.close();
    await nothingIsLeft();
  });

  it('as it draws: the same', async (test) => {
    const tool = `if (process.argv.includes('--visualize-only')) { ${HANGS} } else { ${runs('')} }`;
    const { start, session, nothingIsLeft } = await stage(test, {
      tool,
      limits: { drawMs: 500 },
      name: 'doctor',
    });
    await (await start()).stop(10_000);
    expect(await session.collect()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^after 0\.5 s of drawing it was ended/),
    });
    await session.close();
    await nothingIsLeft();
  });
});

describe.concurrent('a server under a tool', () => {
  it('drains over its channel, and what was drawn is kept', async (test) => {
    const { start, session, nothingIsLeft, runFolder } = await stage(test, { tool: runs(DRAWS) });
    const server = await start();
    expect(server.isRunning).toBe(true);
    await server.stop(10_000);
    expect(server.died.aborted).toBe(false);
    expect(await session.collect()).toMatchObject({ kind: 'kept', artefacts: [{ file: 'flame.html' }] });
    await session.close();
    expect(await readFile(join(runFolder, 'flame.html'), 'utf8')).toContain('dist/server/hub/fan-out.js');
    await nothingIsLeft();
  });

  it('is told by a signal to the group where the channel does not help', async (test) => {
    const cast = { tool: runs(DRAWS), server: DRAINS_ON_SIGINT, limits: { drainMs: 300 } };
    const { start, session } = await stage(test, cast);
    await (await start()).stop(10_000);
    expect(await session.collect()).toMatchObject({ kind: 'kept' });
  });

  it('is killed with the tool where nothing helps', async (test) => {
    const cast = { tool: runs(DRAWS), server: NEVER_ENDS, limits: { drainMs: 200 } };
    const { start, session, nothingIsLeft } = await stage(test, cast);
    const server = await start();
    await server.stop(session.stopDeadlineMs);
    expect(await session.collect()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/it had ended with SIGKILL/),
    });
    await session.close();
    await nothingIsLeft();
  });

  it('is seen to die, though its tool lives on', async (test) => {
    const { start } = await stage(test, { tool: runs(HANGS) });
    const server = await start();
    const death = new Promise((resolve) => server.died.addEventListener('abort', resolve));
    process.kill(server.pid, 'SIGKILL');
    await death;
    expect(server.isRunning).toBe(false);
  });
});
