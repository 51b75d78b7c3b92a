/** Does what a Dockerfile says in folders of this machine: a folder for each stage, its COPY and RUN in order. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Instruction, Stage } from './dockerfile.ts';

/** A stage that was built. */
export interface BuiltStage {
  readonly stage: Stage;
  /** The folder of its WORKDIR. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface DockerfileRun {
  readonly stages: readonly Stage[];
  /** What `docker build` is given: the project. */
  readonly context: string;
  /** An empty folder to build in. */
  readonly root: string;
}

/** Builds every stage. RUN runs as this user and on this system: neither FROM nor USER are imitated. */
export function runDockerfile(run: DockerfileRun): ReadonlyMap<string, BuiltStage> {
  const built = new Map<string, BuiltStage>();
  for (const stage of run.stages) built.set(stage.name, buildStage(stage, run));
  return built;
}

function buildStage(stage: Stage, run: DockerfileRun): BuiltStage {
  const top = join(run.root, stage.name);
  let folder = top;
  const environment: Record<string, string> = {};
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') folder = join(top, text);
    mkdirSync(folder, { recursive: true });
    if (name === 'ENV') Object.assign(environment, Object.fromEntries([text.split('=', 2)]));
    if (name === 'COPY') copy(text, folder, run);
    if (name === 'RUN') {
      execFileSync('sh', ['-ec', text], {
        cwd: folder,
        env: { ...process.env, ...environment },
        stdio: 'pipe',
      });
    }
  }
  return { stage, folder, environment };
}

function copy(text: Instruction['text'], folder: string, { root, context }: DockerfileRun): void {
  const words = text.split(' ');
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const to = paths.pop() ?? '';
  const isIgnored = readIgnored(context);
  for (const path of paths) {
    const source = join(from === undefined ? context : join(root, from), path);
    const target = join(folder, to, to.endsWith('/') ? basename(path) : '');
    if (from === undefined) {
      const filter = (file: string) => !isIgnored(relative(context, file));
      cpSync(source, target, { recursive: true, verbatimSymlinks: true, filter });
    } else {
      // From one stage to the next by hard links: node_modules has thousands of files, and no later step writes to them.
      mkdirSync(dirname(target), { recursive: true });
      execFileSync('cp', ['-al', source, target]);
    }
  }
}

/** What `.dockerignore` keeps from the builder, by its path in the project. */
function readIgnored(context: string): (path: string) => boolean {
  const patterns = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const escaped = line
        .replaceAll('.', '\\.')
        .replaceAll(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:.*/)?'));
      return new RegExp(`^${escaped}(?:/|$)`);
    });
  return (path) => patterns.some((pattern) => pattern.test(path));
}
