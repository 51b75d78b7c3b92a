import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from './testing/compose-file.ts';
import { execWords, instructionOf, parseDockerfile } from './testing/dockerfile.ts';
import { type BuiltStage, runDockerfile } from './testing/run-dockerfile.ts';

const STAGES = parseDockerfile(readFileSync(`${PROJECT_FOLDER}server/Dockerfile`, 'utf8'));
/** npm installs what npm ci of the project installed before: most of it is in its cache. */
const BUILD_LIMIT_MS = 400_000;

describe('what server/Dockerfile builds, step by step in a folder', () => {
  let root: string;
  let built: ReadonlyMap<string, BuiltStage>;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'touchline-image-'));
    built = runDockerfile({ stages: STAGES, context: PROJECT_FOLDER, root });
  }, BUILD_LIMIT_MS);
  afterAll(() => rmSync(root, { recursive: true, force: true }), BUILD_LIMIT_MS);

  function stage(name: string): BuiltStage {
    const found = built.get(name);
    if (found === undefined) throw new RangeError(`expected a stage ${name}`);
    return found;
  }

  /** The words of an instruction in exec form. */
  function wordsOf(name: string, instruction: string): readonly [string, ...string[]] {
    const [program = '', ...rest] = execWords(instructionOf(stage(name).stage, instruction) ?? '[]');
    return [program, ...rest];
  }

  /** Nothing of this process' environment but PATH: the image has its own. */
  function environmentOf(name: string, more: Readonly<Record<string, string>> = {}) {
    return { PATH: process.env['PATH'], ...stage(name).environment, ...more };
  }

  async function startServer(): Promise<{ readonly child: ChildProcess; readonly port: string }> {
    const [program, ...words] = wordsOf('server', 'CMD');
    const env = environmentOf('server', {
      PORT: '0',
      ADMIN_PORT: '0',
      HOST: '0.0.0.0',
      ADMIN_HOST: '0.0.0.0',
    });
    const child = spawn(program, words, {
      cwd: stage('server').folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      const { httpUrl } = JSON.parse(line) as { httpUrl?: string };
      if (httpUrl !== undefined) {
        child.stdout.resume();
        return { child, port: new URL(httpUrl).port };
      }
    }
    throw new Error('expected the server to say where it listens');
  }

  function isHealthy(port: string): boolean {
    const [program, ...words] = wordsOf('server', 'HEALTHCHECK');
    return spawnSync(program, words, { env: environmentOf('server', { PORT: port }) }).status === 0;
  }

  it('serves, is healthy, ends by its stop signal, and is then not healthy', async () => {
    const { child, port } = await startServer();
    expect(isHealthy(port)).toBe(true);
    child.kill(instructionOf(stage('server').stage, 'STOPSIGNAL') as NodeJS.Signals);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(isHealthy(port)).toBe(false);
  });

  it('measures', () => {
    const [program, ...words] = wordsOf('profiler', 'CMD');
    const { folder } = stage('profiler');
    const answer = spawnSync(program, words, {
      cwd: folder,
      env: environmentOf('profiler'),
      encoding: 'utf8',
    });
    expect(answer.stderr).toBe('');
    expect(answer.stdout).toContain('--tiers');
    expect(answer.status).toBe(0);
  });

  it('carries what runs, and nothing that builds or tests it', () => {
    const { folder } = stage('server');
    for (const path of ['node_modules/ws', 'node_modules/fastify', 'dist/server/main.js', 'package.json']) {
      expect(existsSync(join(folder, path)), path).toBe(true);
    }
    for (const path of [
      'node_modules/typescript',
      'node_modules/vitest',
      'server',
      'dist/profiling',
      '.git',
    ]) {
      expect(existsSync(join(folder, path)), path).toBe(false);
    }
    expect(existsSync(join(stage('build').folder, 'server/config.test.ts'))).toBe(false);
  });

  it('runs as nobody special, in the stage that is built by default', () => {
    expect(STAGES.at(-1)?.name).toBe('server');
    for (const name of ['server', 'profiler']) expect(instructionOf(stage(name).stage, 'USER')).toBe('node');
  });
});
