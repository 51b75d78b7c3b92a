/** Tools that do not do what they should: each is noticed, told, and leaves nothing. Programs stand in for them and for the server. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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
const NOTE = 'A scenario of this kind looks into the server.';
const HANGS = 'setInterval(() => {}, 1000);';
/** As a tool does that collects. */
const WRITES = `let count = 0; setInterval(() => fs.writeFileSync('trace.' + (count += 1), 'x'), 1);`;
const DRAWS = `write('out/flamegraph.html', '<p>deliver dist/server/hub/fan-out.js:1:1</p></html>');`;
/** Collects at first, as clinic does, and then draws like this. */
const drawsLater = (drawing: string) =>
  `if (process.argv.includes('--visualize-only')) { require('node:fs').appendFileSync(process.env.PIDS, process.pid + ' '); ${drawing} } else { ${runs('')} }`;

/** A profiler that ends in the middle, as the second Ctrl-C ends it. */
const PROGRAM = `
  import { readdirSync } from 'node:fs';
  import { ServerProcess } from '${fileOf('run/server-process.js')}';
  import { ToolSession } from '${fileOf('tools/tool-session.js')}';
  const runFolder = process.cwd();
  const { signal } = new AbortController();
  await ServerProcess.start({
    entryFile: runFolder + '/server.cjs',
    environment: { PIDS: runFolder + '/pids' },
    nodeOptions: [],
    logFile: runFolder + '/server.log',
    startTimeoutMs: 20_000,
    launcher: new ToolSession({ tool: 'flame', script: runFolder + '/tool.cjs', runFolder, signal }),
  });
  const made = [...readdirSync('.'), ...readdirSync('temporary')].map((name) => name.slice(0, -6));
  process.stdout.write(made.filter((name) => /^(.tool|touchline)-/.test(name)).join(' '));
  process.exit(130);
`;

function fileOf(compiled: string): string {
  return new URL(`../../dist/profiling/${compiled}`, import.meta.url).href;
}

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
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const session = new ToolSession({
    tool: name,
    script: file('tool.cjs'),
    runFolder,
    note: NOTE,
    signal,
    limits,
  });
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
  /** Somebody else of the cast said who it is. */
  const seen = (count: number) =>
    vi.waitFor(async () => expect((await readFile(file('pids'), 'utf8')).split(' ')).toHaveLength(count + 1));
  return { runFolder, session, interrupt, seen, nothingIsLeft, start: () => ServerProcess.start(options) };
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
    ['writes an empty one', `write('out/flamegraph.html', '')`, /it breaks off after 0 characters/],
    [
      'writes one without a function of ours',
      `write('out/flamegraph.html', '<p>node:internal</p></html>')`,
      /expected flame\.html to show the server/,
    ],
    [
      'writes half of one',
      DRAWS.replace('</p></html>', ''),
      /expected flame\.html to be a whole page; it breaks off after 41 characters/,
    ],
  ] as const)('%s: the exit code is not believed', async ([_, afterwards, reason], test) => {
    const { start, session, nothingIsLeft, runFolder } = await stage(test, { tool: runs(afterwards) });
    await writeFile(join(runFolder, 'flame.html'), 'of an earlier run in the same folder');
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

describe.concurrent('a tool that breaks as it draws', () => {
  it('is told with both of its ends', async (test) => {
    const tool = drawsLater('process.exit(7);');
    const { start, session } = await stage(test, { tool, name: 'doctor' });
    await (await start()).stop(10_000);
    expect(await session.collect()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(
        /it wrote none; it had ended with exit code 0, and with exit code 7 as it drew/,
      ),
    });
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
    const tool = drawsLater(HANGS);
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

describe.concurrent('a signal', () => {
  it('before the server listens: ends both at once', async (test) => {
    const { start, session, interrupt, seen, nothingIsLeft } = await stage(test, {
      tool: `require('node:fs').appendFileSync(process.env.PIDS, process.pid + ' '); ${HANGS}`,
    });
    const failure = expect(start()).rejects.toThrow(/it ended with SIGKILL/);
    await seen(1);
    interrupt.abort();
    await failure;
    await session.close();
    await nothingIsLeft();
  });

  it('while the tool draws: ends it, and what was measured needs no page', async (test) => {
    const cast = { tool: drawsLater(HANGS), name: 'doctor' } as const;
    const { start, session, interrupt, seen, nothingIsLeft } = await stage(test, cast);
    await (await start()).stop(10_000);
    const collected = session.collect();
    await seen(3);
    interrupt.abort();
    expect(await collected).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^a signal ended it in the middle of drawing/),
    });
    await session.close();
    await nothingIsLeft();
  });

  it('while the load ran: what was collected until then is drawn', async (test) => {
    const { start, session, interrupt } = await stage(test, { tool: runs(DRAWS) });
    const server = await start();
    interrupt.abort();
    expect(server.isRunning).toBe(true);
    await server.stop(10_000);
    expect(await session.collect()).toMatchObject({ kind: 'kept' });
  });

  it('for the second time, which ends the program: nothing is left either', async (test) => {
    const { runFolder, nothingIsLeft } = await stage(test, { tool: `${runs('')} ${WRITES}` });
    const temporary = join(runFolder, 'temporary');
    await mkdir(temporary);
    await writeFile(join(runFolder, 'program.mjs'), PROGRAM);
    const env = { ...process.env, TMPDIR: temporary };
    const program = spawn(process.execPath, ['program.mjs'], { cwd: runFolder, env, stdio: 'pipe' });
    const [said, [exit]] = await Promise.all([text(program.stdout), once(program, 'exit')]);
    expect([said, exit]).toEqual(['.tool- touchline-', 130]);
    expect(await readdir(temporary)).toEqual([]);
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
    expect(await session.collect()).toMatchObject({
      kind: 'kept',
      artefacts: [
        { file: 'flame.html', note: expect.stringMatching(/^A block is .* looks into the server\.$/) },
      ],
    });
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
      reason: expect.stringMatching(/it had ended with SIGKILL\b/),
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
