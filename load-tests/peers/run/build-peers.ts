/** Builds the peers that are not JavaScript, into a folder of its own, where their toolchain is installed. */

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Toolchain = 'go' | 'rust';

export type BuiltPeer =
  | { readonly kind: 'built'; readonly program: string; readonly compiler: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

interface BuildStep {
  readonly program: string;
  readonly words: readonly string[];
}

interface ToolchainDefinition {
  readonly source: string;
  readonly version: BuildStep;
  /** Tried in turn until one succeeds: the first asks no registry. */
  readonly builds: (cacheFolder: string) => readonly BuildStep[];
  readonly binary: (cacheFolder: string) => string;
  readonly missing: string;
}

const TOOLCHAINS: Readonly<Record<Toolchain, ToolchainDefinition>> = {
  go: {
    source: 'load-tests/peers/go',
    version: { program: 'go', words: ['version'] },
    builds: (cache) => [
      { program: 'go', words: ['build', '-trimpath', '-mod=readonly', '-o', join(cache, 'go-peer'), '.'] },
    ],
    binary: (cache) => join(cache, 'go-peer'),
    missing:
      'Go is not installed: version 1.24 or newer builds this peer (apt-get install golang, or go.dev).',
  },
  rust: {
    source: 'load-tests/peers/rust',
    version: { program: 'cargo', words: ['--version'] },
    builds: (cache) =>
      [['--offline'], []].map((words) => ({
        program: 'cargo',
        words: ['build', '--release', '--locked', '--quiet', ...words, '--target-dir', join(cache, 'rust')],
      })),
    binary: (cache) => join(cache, 'rust', 'release', 'touchline-rust-peer'),
    missing: 'Rust is not installed: cargo 1.85 or newer builds this peer (rustup.rs).',
  },
};

export interface BuildOptions {
  /** Folder of package.json. */
  readonly projectFolder: string;
  /** Where binaries are kept between runs. */
  readonly cacheFolder: string;
}

/** Builds what changed since the last time; the toolchains see to that themselves. */
export async function buildPeer(toolchain: Toolchain, options: BuildOptions): Promise<BuiltPeer> {
  const { source, version, builds, binary, missing } = TOOLCHAINS[toolchain];
  const folder = join(options.projectFolder, source);
  const cache = join(options.projectFolder, options.cacheFolder);
  const compiler = await attempt(version, folder);
  if (!compiler.ok) return { kind: 'unavailable', reason: missing };
  await mkdir(cache, { recursive: true });
  let problem = '';
  for (const step of builds(cache)) {
    const built = await attempt(step, folder);
    if (built.ok) return { kind: 'built', program: binary(cache), compiler: compiler.text };
    problem = built.text;
  }
  return { kind: 'unavailable', reason: `Its build failed: ${lastLine(problem)}` };
}

async function attempt(
  { program, words }: BuildStep,
  folder: string,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const { stdout } = await run(program, [...words], { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
    return { ok: true, text: stdout.trim() };
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
