/** The whole command on its own: what it prints, writes and ends with. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ENTRY = 'profiling/bench-generators.js';

describe('npm run bench:generators', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function bench(...words: readonly string[]) {
    return await new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, [ENTRY, ...words], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  it('has generators count the same broadcast as the server does, and find what it did wrong', async () => {
    const out = join(folder, 'B.md');
    const { code, stdout, stderr } = await bench(
      ...['--quick', '--generators', 'ws', '--seconds', '0.2', '--warm-up', '0.1', '--connections', '10'],
      ...['--parts', 'speed,answers', '--answers', 'delay,drop', '--answer-seconds', '1', '--out', out],
    );
    // A count that is not the server's would be a problem, and the exit code 1.
    expect(stderr).not.toContain('problem:');
    expect(code).toBe(0);
    expect(stderr).toContain('speed, a write every 10 ms · round 1 of 1 · touchline: ');
    // 20 connections, 100 broadcasts a second for a second: each 100th of 2,000 copies was dropped, and both say so.
    expect(stdout.match(/ 20 \(20\)$/gm)).toHaveLength(2);
    expect(stdout.match(/ 0 \(0\)$/gm)).toHaveLength(2);
    // The delay is in every message: the median says at least it, whatever else the machine did.
    const late =
      /Every delivery 50 ms late\n.*\n +touchline +([\d.,]+) ms.*\n +plain ws script +([\d.,]+) ms/;
    const medians = late
      .exec(stdout)
      ?.slice(1)
      .map((text) => Number(text.replace(',', '')));
    expect(medians).toHaveLength(2);
    for (const ms of medians ?? []) expect(ms).toBeGreaterThanOrEqual(49.5);
    const written = await readFile(out, 'utf8');
    expect(written).toContain('<!-- generated:generators -->');
    expect(written).toContain('npm run bench:generators -- --quick --generators ws');
    expect(written).toContain('- touchline: latency from the intended and from the actual send');
  });

  it('ends with usage where the words are wrong, and with help where that is asked', async () => {
    const wrong = await bench('--generators', 'artilery');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('did you mean artillery?');
    const help = await bench('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('npm run bench:generators -- [options]');
  });
});
