import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type MemoryKnobs,
  sampleGrowingClass,
  sampleHeapGrowth,
  sampleMemory,
} from '../testing/sample-memory.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { discardSnapshots } from './discard-snapshots.ts';

const FILES = ['1.heapsnapshot', '2.heapsnapshot', '3.heapsnapshot', 'allocations.heapprofile'];
let runFolder: string;
beforeEach(async () => {
  runFolder = await mkdtemp(join(tmpdir(), 'touchline-test-'));
  await mkdir(join(runFolder, 'heap'));
  for (const file of FILES) await writeFile(join(runFolder, 'heap', file), 'secrets');
  await writeFile(join(runFolder, 'server.log'), '');
});
afterEach(() => rm(runFolder, { recursive: true, force: true }));

const withFiles = (knobs: MemoryKnobs = {}) => {
  const { heapGrowth } = sampleMemory(knobs);
  const files = sampleHeapGrowth([sampleGrowingClass()]).snapshots;
  return sampleMemory({
    ...knobs,
    record: {
      ...knobs.record,
      heapGrowth: heapGrowth == null ? null : { ...heapGrowth, snapshots: files },
      allocationProfile: 'heap/allocations.heapprofile',
    },
  });
};

describe('discardSnapshots', () => {
  it('removes the snapshots of a clean run, and its record names none', async () => {
    const record = await discardSnapshots(withFiles(), runFolder);
    expect(await readdir(runFolder)).toEqual(['server.log']);
    expect(record).toMatchObject({ allocationProfile: null });
    const snapshots = record.scenario === 'memory' ? record.heapGrowth?.snapshots : [];
    expect(snapshots?.map(({ file }) => file)).toEqual([null, null, null]);
  });

  it.each<[string, MemoryKnobs]>([
    ['a class that grows', { record: { heapGrowth: sampleHeapGrowth([sampleGrowingClass()]) } }],
    ['a structure that is not back', { grown: { structures: { 'hub.connections': 1 } } }],
    ['a heap that grows by itself', { heapBytes: 400 }],
  ])('keeps them where there is %s', async (_, knobs) => {
    const record = withFiles(knobs);
    expect(await discardSnapshots(record, runFolder)).toBe(record);
    expect(await readdir(join(runFolder, 'heap'))).toEqual(FILES);
  });

  it('leaves other runs alone', async () => {
    const record = sampleRecord();
    expect(await discardSnapshots(record, runFolder)).toBe(record);
  });
});
