/**
 * One trace from several: Node begins a new file every 2^19 events, and clinic 13 breaks off joining them ("premature close", seen on
 * Node 20).
 */

import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const HEAD = '{"traceEvents":[';
const TAIL = ']}';
const TRACE = /^node_trace\.(\d+)\.log$/;

/** How many files there were, and how many of them were taken. */
export interface JoinedTraces {
  readonly files: number;
  readonly taken: number;
}

/**
 * Writes the first traces of a folder into one file, as a stream: they have some 90 MB each. One that is not whole ends them.
 *
 * @param most how many are taken
 * @returns none where there is not more than one: then clinic has moved it already
 */
export async function joinTraces(folder: string, output: string, most: number): Promise<JoinedTraces> {
  const names = (await readdir(folder)).filter((name) => TRACE.test(name));
  const files = names.toSorted((a, b) => numberOf(a) - numberOf(b)).map((name) => join(folder, name));
  if (files.length === 0) return { files: 0, taken: 0 };
  const whole: string[] = [];
  for (const file of files.slice(0, most)) {
    if (!(await isWhole(file))) break;
    whole.push(file);
  }
  await pipeline(Readable.from(joined(whole)), createWriteStream(output));
  return { files: files.length, taken: whole.length };
}

function numberOf(name: string): number {
  return Number(TRACE.exec(name)?.[1] ?? 0);
}

async function* joined(files: readonly string[]): AsyncGenerator<Buffer | string> {
  yield HEAD;
  let separator = '';
  for (const file of files) {
    const { size } = await stat(file);
    const end = size - TAIL.length - 1;
    if (end < HEAD.length) continue;
    yield separator;
    yield* createReadStream(file, { start: HEAD.length, end });
    separator = ',';
  }
  yield TAIL;
}

/** Node writes each in one go: begun and ended, or cut off. */
async function isWhole(file: string): Promise<boolean> {
  const { size } = await stat(file);
  if (size < HEAD.length + TAIL.length) return false;
  const handle = await open(file);
  try {
    const head = Buffer.alloc(HEAD.length);
    const tail = Buffer.alloc(TAIL.length);
    await handle.read(head, 0, head.length, 0);
    await handle.read(tail, 0, tail.length, size - tail.length);
    return head.toString() === HEAD && tail.toString() === TAIL;
  } finally {
    await handle.close();
  }
}
