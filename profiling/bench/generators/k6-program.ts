/** k6 as a program: the one that the project pins. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureBuiltK6 } from '../../../load-tests/k6-runner/find-k6.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { GeneratorProgram, UnavailableGenerator } from './generator-program.ts';
import { parseGeneratorResult } from './receiving/generator-result.ts';
import { scriptFile } from './script-file.ts';

/** Nothing is asked of the internet. */
const OFFLINE = { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' };

/** A sixth more messages a core-second for twice the memory, seen with 100 connections. */
const SELDOM_COLLECTED = { GOGC: '400' };

interface Preparing {
  readonly projectFolder: string;
  readonly onProgress: (text: string) => void;
}

/** Builds it where it is not built yet. */
export async function prepareK6(options: Preparing): Promise<GeneratorProgram | UnavailableGenerator> {
  const found = await findProgram(options);
  if ('reason' in found) return found;
  const { program } = found;
  const { stdout } = await promisify(execFile)(program, ['version'], { env: { ...process.env, ...OFFLINE } });
  return {
    name: 'k6',
    version: /v\d\S*/.exec(stdout)?.[0] ?? 'unknown',
    hearsLines: false,
    command: ({ sparesMemory }) => ({
      program,
      words: ['run', '--quiet', '--no-color', '--address=', scriptFile('k6-script.js')],
      environment: sparesMemory ? OFFLINE : { ...OFFLINE, ...SELDOM_COLLECTED },
    }),
    readResult: parseGeneratorResult,
  };
}

async function findProgram({
  projectFolder,
  onProgress,
}: Preparing): Promise<{ readonly program: string } | UnavailableGenerator> {
  try {
    const k6 = await ensureBuiltK6({ projectFolder, environment: process.env, onNote: onProgress });
    if (k6.kind === 'program') return { program: k6.file };
    return { name: 'k6', reason: 'It is there in Docker only, whose memory and CPU time are not its own.' };
  } catch (error) {
    if (error instanceof TouchlineError) return { name: 'k6', reason: error.message };
    throw error;
  }
}
