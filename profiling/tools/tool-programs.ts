/** Where the tools' programs are: 0x among the project's packages, clinic in a cache of its own. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { ensureClinic } from './clinic-cache.ts';
import type { ToolName } from './tool.ts';
import type { ToolSurroundings } from './tool-surroundings.ts';

export interface ToolProgram {
  /** To be run by `node`. */
  readonly script: string;
  readonly version: string;
}

/**
 * Finds the program of a tool; clinic is installed where it is not.
 *
 * @throws TouchlineError `TL_TOOL_UNAVAILABLE` with what would help; `TL_INTERRUPTED` as `ensureClinic` does
 */
export async function programOf(tool: ToolName, surroundings: ToolSurroundings): Promise<ToolProgram> {
  if (tool === 'flame') return find0x(surroundings.projectFolder);
  return findClinic(await ensureClinic(surroundings));
}

async function findClinic(cache: string): Promise<ToolProgram> {
  try {
    return await toProgram(join(cache, 'node_modules', 'clinic', 'bin.js'));
  } catch (cause) {
    throw new TouchlineError(
      'TL_TOOL_UNAVAILABLE',
      `expected clinic in ${cache}, where it was installed; received an installation without it. Remove that folder, and it is installed anew`,
      { cause },
    );
  }
}

async function find0x(projectFolder: string): Promise<ToolProgram> {
  const { resolve } = createRequire(join(projectFolder, 'package.json'));
  try {
    return await toProgram(resolve('0x/cmd.js'));
  } catch (cause) {
    throw new TouchlineError(
      'TL_TOOL_UNAVAILABLE',
      'expected the package 0x, a development dependency; received an installation without it. Run npm ci without --omit=dev',
      { cause },
    );
  }
}

async function toProgram(script: string): Promise<ToolProgram> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(dirname(script), 'package.json'), 'utf8'),
  );
  return { script, version };
}
