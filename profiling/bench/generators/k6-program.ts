/** k6 as a program: the one that the project builds. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GeneratorProgram, UnavailableGenerator } from './generator-program.ts';
import { parseGeneratorResult } from './receiving/generator-result.ts';
import { scriptFile } from './script-file.ts';

/** Nothing is asked of the internet. */
const OFFLINE = { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' };

interface Preparing {
  readonly projectFolder: string;
  readonly onProgress: (text: string) => void;
}

/** Builds it where it is not built yet. */
export async function prepareK6(options: Preparing): Promise<GeneratorProgram | UnavailableGenerator> {
  const program = await findK6(options);
  if (program === null) {
    return { name: 'k6', reason: 'It is not built and could not be: npm run build:k6 says what is missing.' };
  }
  const { stdout } = await promisify(execFile)(program, ['version'], { env: { ...process.env, ...OFFLINE } });
  return {
    name: 'k6',
    version: /v\d\S*/.exec(stdout)?.[0] ?? 'unknown',
    hearsLines: false,
    command: () => ({
      program,
      words: ['run', '--quiet', '--no-color', '--address=', scriptFile('k6-script.js')],
      environment: OFFLINE,
    }),
    readResult: parseGeneratorResult,
  };
}

/** The only place that knows where k6 comes from. */
async function findK6({ projectFolder, onProgress }: Preparing): Promise<string | null> {
  const program = join(projectFolder, '.touchline/k6/k6');
  if (existsSync(program)) return program;
  onProgress('k6 is not built yet: npm run build:k6');
  const build = spawn('npm', ['run', '-s', 'build:k6'], {
    cwd: projectFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(build, 'close').catch(() => undefined);
  return existsSync(program) ? program : null;
}
