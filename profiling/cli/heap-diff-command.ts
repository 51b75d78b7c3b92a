/** `npm run heap:diff -- a.heapsnapshot b.heapsnapshot [c]`: what leaks in anybody's Node program. */

import { readFile } from 'node:fs/promises';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { findGrowth } from '../heap/find-growth.ts';
import { AllocationSites } from '../heap/naming/allocation-sites.ts';
import { groupCollections } from '../heap/naming/group-collections.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';
import { HEAP_DIFF_USAGE, type HeapDiffOptions, readHeapDiffOptions } from './heap-diff-options.ts';
import { heapDiffText } from './heap-diff-text.ts';
import { heapDiffVerdict } from './heap-diff-verdict.ts';

/** Sets `process.exitCode`. */
export async function main(): Promise<void> {
  process.exitCode = EXIT_CODES[await carryOut(process.argv.slice(2))].code;
}

async function carryOut(argv: readonly string[]): Promise<ExitName> {
  const asked = readHeapDiffOptions(argv);
  switch (asked.kind) {
    case 'help':
      console.log(HEAP_DIFF_USAGE);
      return 'pass';
    case 'usage':
      for (const problem of asked.problems) console.error(`TL_USAGE: ${problem}`);
      console.error('Every option is explained by --help.');
      return 'usage';
    case 'run':
      return compare(asked.options);
  }
}

async function compare({ files, connections, heapProfile, json }: HeapDiffOptions): Promise<ExitName> {
  try {
    const found = await findGrowth({
      files,
      connections,
      projectFolder: process.cwd(),
      ...(heapProfile === null ? {} : { allocations: await readProfile(heapProfile) }),
    });
    const growth = groupCollections(found);
    const verdict = heapDiffVerdict(growth);
    console.log(json ? JSON.stringify({ verdict, ...growth }) : heapDiffText(growth));
    return verdict;
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    return error.code === 'TL_SNAPSHOTS_UNRELATED' ? 'inconclusive' : 'runError';
  }
}

async function readProfile(file: string): Promise<unknown> {
  try {
    const profile: unknown = JSON.parse(await readFile(file, 'utf8'));
    // Refuses what is none while its name is known.
    new AllocationSites(profile);
    return profile;
  } catch (cause) {
    if (cause instanceof TouchlineError) {
      throw new TouchlineError(cause.code, `${file}: ${cause.message}`, { cause });
    }
    const received = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError(
      'TL_SNAPSHOT_INVALID',
      `expected a .heapprofile that can be read at ${file}; received ${received}`,
      { cause },
    );
  }
}
