/** The whole command on its own: what it prints, writes and ends with. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ENTRY = 'profiling/bench-peers.js';

describe('npm run bench:peers', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Without a PATH, so without Go and Rust. */
  async function bench(...words: readonly string[]) {
    return await new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const options = { env: { PATH: folder } };
      const child = execFile(process.execPath, [ENTRY, ...words], options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  it('compares what is there, names what is not, and writes its section', async () => {
    const out = join(folder, 'B.md');
    const { code, stdout, stderr } = await bench(
      ...['--quick', '--rounds', '2', '--seconds', '0.1', '--readers', '2', '--formats', 'json'],
      ...['--peers', 'uws,go,rust-send', '--out', out],
    );
    expect(stderr).toContain('round 2 of 2');
    expect(stderr).not.toContain('problem:');
    expect(code).toBe(0);
    expect(stdout).toContain('not measured: Go, coder/websocket. Go is not installed: version 1.24 or newer');
    expect(stdout).toMatch(/ 2 +plain ws, send each +[\d,]+ (?:† )? {2,}1\.00 +1\.00–1\.00/);
    const written = await readFile(out, 'utf8');
    expect(written).toContain('<!-- generated:peers -->');
    expect(written).toContain('npm run bench:peers -- --quick --rounds 2');
    expect(written).toContain('- Rust, tokio-tungstenite send: **not measured**. Rust is not installed: ');
    expect(written).toMatch(/\| 2 \| floor: bare socket\.write \|/);
    expect(written).toMatch(/Copying memory: \d/);
  });

  it('ends with usage where the words are wrong, and with help where that is asked', async () => {
    const wrong = await bench('--peers', 'rsut-send');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('TL_USAGE: ');
    expect(wrong.stderr).toContain('did you mean rust-send?');
    const help = await bench('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('npm run bench:peers -- [options]');
  });
});
