import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinTraces } from './join-traces.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-traces-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const trace = (...names: string[]) => JSON.stringify({ traceEvents: names.map((name) => ({ name })) });
const put = (number: number, text: string) => writeFile(join(folder, `node_trace.${number}.log`), text);
const output = () => join(folder, 'joined');
async function namesOf(): Promise<readonly string[]> {
  const { traceEvents } = JSON.parse(await readFile(output(), 'utf8'));
  return traceEvents.map(({ name }: { name: string }) => name);
}

describe('joinTraces', () => {
  it('joins them in the order of their numbers', async () => {
    await put(10, trace('d'));
    await put(2, trace('c'));
    await put(1, trace('a', 'b'));
    expect(await joinTraces(folder, output(), 5)).toEqual({ files: 3, taken: 3 });
    expect(await namesOf()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes the first ones, and says how many there were', async () => {
    for (const number of [1, 2, 3]) await put(number, trace(`event-${number}`));
    expect(await joinTraces(folder, output(), 2)).toEqual({ files: 3, taken: 2 });
    expect(await namesOf()).toEqual(['event-1', 'event-2']);
  });

  it('ends before one that was cut off, and passes over one without events', async () => {
    await put(1, trace());
    await put(2, trace('a'));
    await put(3, trace('b').slice(0, -4));
    await put(4, trace('c'));
    expect(await joinTraces(folder, output(), 5)).toEqual({ files: 4, taken: 2 });
    expect(await namesOf()).toEqual(['a']);
  });

  it('leaves alone what clinic has moved already', async () => {
    await writeFile(output(), trace('moved'));
    expect(await joinTraces(folder, output(), 5)).toEqual({ files: 0, taken: 0 });
    expect(await namesOf()).toEqual(['moved']);
  });
});
