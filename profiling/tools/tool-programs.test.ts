import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../testing/profiler-process.ts';
import { programOf } from './tool-programs.ts';

let projectFolder = '';
beforeEach(async () => {
  projectFolder = await mkdtemp(join(tmpdir(), 'touchline-programs-'));
  await cp('profiling/clinic', join(projectFolder, 'profiling', 'clinic'), { recursive: true });
});
afterEach(() => rm(projectFolder, { recursive: true, force: true }));

/** A program called npm that does this, and nothing else on PATH but what a shell needs. */
async function npm(script: string): Promise<{ PATH: string }> {
  const folder = join(projectFolder, 'bin');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'npm'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}
const { signal } = new AbortController();
const INSTALLS = `echo "$@" > called
mkdir -p node_modules/clinic
echo '{"version":"13.0.0"}' > node_modules/clinic/package.json`;

describe('programOf', () => {
  it('finds 0x where development dependencies are installed', async () => {
    const own = { projectFolder: process.cwd(), environment: {}, note: () => undefined, signal };
    expect(await programOf('flame', own)).toMatchObject({ version: expect.stringMatching(/^6\./) });
  });

  it('says what would bring 0x where they are not', async () => {
    const without = { projectFolder, environment: {}, note: () => undefined, signal };
    await expect(programOf('flame', without)).rejects.toMatchObject({
      code: 'TL_TOOL_UNAVAILABLE',
      message: expect.stringContaining('npm ci without --omit=dev'),
    });
  });

  it('installs clinic once, without install scripts, and says so', async () => {
    const notes: string[] = [];
    const first = {
      projectFolder,
      environment: await npm(INSTALLS),
      note: (sentence: string) => notes.push(sentence),
      signal,
    };
    const { script, version } = await programOf('doctor', first);
    expect(script).toBe(join(projectFolder, '.touchline/clinic/node_modules/clinic/bin.js'));
    expect(version).toBe('13.0.0');
    expect(notes).toEqual([expect.stringMatching(/^installing clinic 13 into \.touchline\/clinic/)]);
    const never = { ...first, environment: await npm('exit 1') };
    expect(await programOf('bubbleprof', never)).toEqual({ script, version });
    expect(notes).toHaveLength(1);
    expect(await readdir(join(projectFolder, '.touchline'))).toEqual(['clinic']);
  });

  it('tells what npm said where it could not, and leaves nothing', async () => {
    const environment = await npm('echo "npm error network unreachable" >&2; exit 1');
    const offline = { projectFolder, environment, note: () => undefined, signal };
    await expect(programOf('doctor', offline)).rejects.toMatchObject({
      code: 'TL_TOOL_UNAVAILABLE',
      message: expect.stringMatching(
        /needs the npm registry once; received exit code 1: npm error network unreachable/,
      ),
    });
    expect(await readdir(join(projectFolder, '.touchline'))).toEqual([]);
  });

  it.each([
    [
      'no npm',
      async () => ({ PATH: join(projectFolder, 'nowhere') }),
      /received no npm that could be started/,
    ],
    [
      'a file where its folder should be',
      async () => {
        await writeFile(join(projectFolder, '.touchline'), '');
        return npm(INSTALLS);
      },
      /expected to write into .*\.touchline; received .*(EEXIST|ENOTDIR)/,
    ],
  ])('says what is wrong where there is %s', async (_, prepare, message) => {
    const surroundings = { projectFolder, environment: await prepare(), note: () => undefined, signal };
    await expect(programOf('doctor', surroundings)).rejects.toMatchObject({
      code: 'TL_TOOL_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
  });

  it('is stopped by a signal: npm and what it started are ended, and nothing is left', async () => {
    const interrupt = new AbortController();
    const environment = await npm(`sleep 60 & echo $$ $! > ${join(projectFolder, 'pids')}; wait`);
    const { signal: stopped } = interrupt;
    const stop = programOf('doctor', { projectFolder, environment, note: () => undefined, signal: stopped });
    const ended = expect(stop).rejects.toMatchObject({
      code: 'TL_INTERRUPTED',
      message: 'stopped by a signal while clinic was installed',
    });
    const pids = await vi.waitFor(async () => {
      const said = (await readFile(join(projectFolder, 'pids'), 'utf8')).trim().split(' ');
      expect(said).toHaveLength(2);
      return said;
    });
    interrupt.abort();
    await ended;
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]));
    expect(await readdir(join(projectFolder, '.touchline'))).toEqual([]);
  });

  it('says what helps where the installation was damaged since', async () => {
    const surroundings = { projectFolder, environment: await npm(INSTALLS), note: () => undefined, signal };
    await programOf('doctor', surroundings);
    await rm(join(projectFolder, '.touchline/clinic/node_modules'), { recursive: true });
    await expect(programOf('doctor', surroundings)).rejects.toMatchObject({
      code: 'TL_TOOL_UNAVAILABLE',
      message: expect.stringMatching(/Remove that folder, and it is installed anew/),
    });
  });
});
