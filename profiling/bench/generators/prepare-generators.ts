/** Finds each generator, or says in a sentence why it cannot be had. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareArtillery } from './artillery-program.ts';
import type { GeneratorName } from './generator-catalogue.ts';
import type { GeneratorProgram, UnavailableGenerator } from './generator-program.ts';
import { prepareK6 } from './k6-program.ts';
import { parseGeneratorResult } from './receiving/generator-result.ts';
import { scriptFile } from './script-file.ts';

export interface PreparedGenerators {
  readonly programs: readonly GeneratorProgram[];
  readonly unavailable: readonly UnavailableGenerator[];
}

export interface PrepareOptions {
  readonly projectFolder: string;
  readonly onProgress: (text: string) => void;
}

/** Makes what is missing and can be made: builds k6, installs Artillery. */
export async function prepareGenerators(
  names: readonly GeneratorName[],
  options: PrepareOptions,
): Promise<PreparedGenerators> {
  const programs: GeneratorProgram[] = [];
  const unavailable: UnavailableGenerator[] = [];
  for (const name of names) {
    const prepared = await prepare(name, options);
    if ('reason' in prepared) unavailable.push(prepared);
    else programs.push(prepared);
  }
  return { programs, unavailable };
}

async function prepare(
  name: GeneratorName,
  options: PrepareOptions,
): Promise<GeneratorProgram | UnavailableGenerator> {
  switch (name) {
    case 'touchline':
      return nodeScript(name, 'touchline-script.js', await versionOf(options.projectFolder, 'package.json'));
    case 'ws':
      return nodeScript(
        name,
        'ws-script.js',
        await versionOf(options.projectFolder, 'node_modules/ws/package.json'),
      );
    case 'k6':
      return await prepareK6(options);
    case 'artillery':
      return await prepareArtillery(options);
  }
}

function nodeScript(name: 'touchline' | 'ws', file: string, version: string): GeneratorProgram {
  return {
    name,
    version: `${version}, Node ${process.version}`,
    hearsLines: name === 'touchline',
    command: () => ({ program: process.execPath, words: [scriptFile(file)], environment: {} }),
    readResult: parseGeneratorResult,
  };
}

async function versionOf(folder: string, file: string): Promise<string> {
  // npm wrote it, or this project did.
  const { version }: { version: string } = JSON.parse(await readFile(join(folder, file), 'utf8'));
  return version;
}
