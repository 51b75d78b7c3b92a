/**
 * Proves from /proc alone that a process is Node.js, is ours and is ready for SIGUSR1. The signal opens the inspector
 * of Node.js and kills almost everything else, so nothing is sent, run or asked before all of this holds.
 */

import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dynamicSymbol } from './elf-symbols.ts';
import { refused } from './refused.ts';

/** `node`, `nodejs`, and what distributions call several versions side by side: `node-22`, `node20`. */
const NODE_NAME = /^node(js)?(-?\d+(\.\d+)*)?$/;
/** `node::Start(int, char**)`: every Node.js exports it for addons; Bun and Deno have none. */
const NODE_START = '_ZN4node5StartEiPPc';
const NODE_LIBRARY = /\/libnode\.so(\.\d+)*$/;
const SIGUSR1_BIT = 1n << 9n;

export interface NodeProcess {
  readonly pid: number;
  /** Where its program lies. */
  readonly executable: string;
  /** Clock ticks after boot at which it began: the same pid may become another process. */
  readonly startedAt: string;
  /** Words it was started with. */
  readonly words: readonly string[];
  readonly nodeOptions: string;
}

export interface ProofOptions {
  /** @defaultValue /proc */
  readonly procFolder?: string;
  /** Whose processes may be attached to. @defaultValue the user who runs this */
  readonly uid?: number;
}

/**
 * @throws TouchlineError `TL_ATTACH_REFUSED` with the first thing that does not hold
 */
export async function proveNode(pid: number, options: ProofOptions = {}): Promise<NodeProcess> {
  const { procFolder = '/proc', uid = process.getuid?.() ?? -1 } = options;
  const folder = join(procFolder, String(pid));
  const status = await readStatus(pid, folder, procFolder);
  const owner = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  if (owner !== String(uid)) {
    throw refused(pid, `a process of user ${owner ?? '(unknown)'}; this is user ${uid}`);
  }
  const executable = await linkOf(join(folder, 'exe'));
  if (executable === null) throw refused(pid, 'a process whose program cannot be seen (/proc/<pid>/exe)');
  await proveProgram(pid, folder, executable);
  const words = (await textOf(join(folder, 'cmdline'))).split('\0').slice(0, -1);
  const nodeOptions = /(?:^|\0)NODE_OPTIONS=([^\0]*)/.exec(await textOf(join(folder, 'environ')))?.[1] ?? '';
  proveListensToSignal(pid, status, [...words, nodeOptions]);
  if ((await linkOf(join(folder, 'ns', 'net'))) !== (await linkOf(join(procFolder, 'self', 'ns', 'net')))) {
    throw refused(
      pid,
      'Node.js in another network namespace (a container), where its inspector cannot be reached',
    );
  }
  return { pid, executable, startedAt: await startOf(folder), words, nodeOptions };
}

/** Whether a process is still the one that was proven. */
export async function isStill({ pid, startedAt }: NodeProcess, procFolder = '/proc'): Promise<boolean> {
  return (await startOf(join(procFolder, String(pid)))) === startedAt;
}

async function readStatus(pid: number, folder: string, procFolder: string): Promise<string> {
  if ((await linkOf(join(procFolder, 'self', 'exe'))) === null) {
    throw refused(pid, 'this system has no /proc, which proves what a process is (Linux only)');
  }
  const status = await textOf(join(folder, 'status'));
  if (status === '') throw refused(pid, 'no such process');
  return status;
}

/** By its name and by its content: another program may be called `node`, and Node.js anything. */
async function proveProgram(pid: number, folder: string, executable: string): Promise<void> {
  const name = basename(executable.replace(/ \(deleted\)$/, ''));
  if (!NODE_NAME.test(name)) throw refused(pid, `${executable}, which is not called node or nodejs`);
  // Through the link, so that it is the program that runs, not what lies there now.
  const program = join(folder, 'exe');
  const start = await dynamicSymbol(program, NODE_START);
  if (start === 'defined' || (start === 'needed' && (await usesNodeLibrary(folder)))) return;
  throw refused(pid, `${executable}, which is called ${name} and is not Node.js`);
}

/** Distributions split Node.js into a small program and libnode. */
async function usesNodeLibrary(folder: string): Promise<boolean> {
  const maps = await textOf(join(folder, 'maps'));
  const files = new Set(maps.split('\n').map((line) => line.slice(line.indexOf('/'))));
  const library = [...files].find((file) => NODE_LIBRARY.test(file));
  return library !== undefined && (await dynamicSymbol(library, NODE_START)) === 'defined';
}

/** Whoever does not catch the signal dies of it. */
function proveListensToSignal(pid: number, status: string, words: readonly string[]): void {
  const caught = BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  if ((caught & SIGUSR1_BIT) !== 0n) return;
  const isDisabled = words.some((word) => word.includes('--disable-sigusr1'));
  throw refused(
    pid,
    isDisabled
      ? 'Node.js with --disable-sigusr1, whose inspector no signal opens'
      : 'Node.js that does not catch SIGUSR1 (still starting, or built without an inspector): the signal would end it',
  );
}

/** The name may hold blanks and brackets, so fields are counted from behind it. */
async function startOf(folder: string): Promise<string> {
  const stat = await textOf(join(folder, 'stat'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function linkOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    // Gone, or not ours to see.
    return null;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Gone, or not ours to see.
    return '';
  }
}
