import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleOverhead } from '../testing/sample-overhead.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { newestRuns } from './recorded-runs.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-recorded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function keep(name: string, content: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'run.json'), content);
}
const concurrencyAt = (startedAt: number) => JSON.stringify(sampleRecord({ tiers: [], startedAt }));

describe('newestRuns', () => {
  it("passes over runs under a tool: their figures are not the server's", async () => {
    const tool = { title: '0x 6.0.0', cost: 'Little.', failure: null };
    await keep('a', concurrencyAt(1_000));
    await keep('b', JSON.stringify(sampleRecord({ tiers: [], startedAt: 2_000, tool })));
    expect((await newestRuns(folder)).map(({ startedAt }) => startedAt)).toEqual([1_000]);
    await rm(join(folder, 'a'), { recursive: true });
    await expect(newestRuns(folder)).rejects.toMatchObject({ code: 'TL_RECORD_INVALID' });
  });

  it('finds the newest of each scenario, in the order of the scenarios', async () => {
    await keep('a', JSON.stringify(sampleOverhead({ rounds: 0 })));
    await keep('b', concurrencyAt(1_000));
    await keep('c', concurrencyAt(3_000));
    await keep('d', concurrencyAt(2_000));
    await mkdir(join(folder, 'empty'));
    const runs = await newestRuns(folder);
    expect(runs.map(({ scenario, startedAt }) => [scenario, startedAt])).toEqual([
      ['concurrency', 3_000],
      ['overhead', expect.any(Number)],
    ]);
  });

  it('takes the run.json of the folder itself', async () => {
    await keep('.', concurrencyAt(1_000));
    expect(await newestRuns(folder)).toHaveLength(1);
  });

  it.each([
    ['no run at all', undefined, 'received none'],
    ['no JSON', '{"half":', 'expected JSON at '],
    ['something else', '{"schema":"k6"}', 'is no run record'],
  ])('refuses %s in a sentence', async (_, content, sentence) => {
    if (content !== undefined) await keep('a', content);
    await expect(newestRuns(folder)).rejects.toMatchObject({
      code: 'TL_RECORD_INVALID',
      message: expect.stringContaining(sentence),
    });
  });
});
