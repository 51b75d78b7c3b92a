/** The scenario end to end on dist/, where counts decide: every part, what each fault does as the server counts, and a server that ran before. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { ServerProcess } from '../server/testing/server-process.ts';
import { analyseFirehose } from './analysis/firehose/analyse-firehose.ts';
import type { FirehoseRecord } from './record/firehose-record.ts';
import {
  BENCHMARK,
  FIREHOSE,
  ProfilerProcess,
  printedVerdict,
  recordIn,
  runProfiler,
} from './testing/profiler-process.ts';

const out = outputFolder();

const RATE = 20_000;
/** What another process on the machine does to latencies and rates decides nothing here. */
const ONLY_COUNTS = ['--threshold', 'tick-p99=60s', '--threshold', 'delivered-ratio=10%'];
const SMALL = ['--quick', '--rates', `${RATE}`, '--max-rate', `${RATE}`, '--seed', '7', ...ONLY_COUNTS];
/** The search alone. */
const SEARCH = [
  ...SMALL,
  ...['--duration', '500ms', '--readers', '1', '--modes', 'coalesced', '--engines', 'ws'],
  ...['--reader-kinds', 'lean', '--slow-readers', '0'],
];

function sumOver(record: FirehoseRecord, figure: (cell: FirehoseRecord['cells'][number]) => number): number {
  return record.cells.reduce((sum, cell) => sum + figure(cell), 0);
}

describe('profile:firehose', () => {
  it('goes through every part, names what it cannot measure, and leaves nothing running', async () => {
    const argv = [...SMALL, '--duration', '300ms', '--readers', '1,3', '--out', out.path];
    const profiler = new ProfilerProcess(FIREHOSE, argv);
    const { exit, stdout, stderr } = await profiler.ended;
    expect([0, 4], stdout + stderr).toContain(exit);
    expect(profiler.leftovers()).toEqual([]);
    const record = recordIn(out.path, 'firehose');
    expect(record.outcome).toEqual({ state: 'completed' });
    const parts = new Set(record.cells.map(({ part }) => part));
    expect([...parts].sort()).toEqual(['engines', 'kinds', 'modes', 'readers', 'search', 'slow', 'sources']);
    const engines = new Set(record.cells.map(({ setup }) => setup.engine));
    expect(engines.has('uws')).toBe(record.notMeasured.every(({ what }) => what !== 'engine uws'));
    const reused = record.cells.find(({ setup }) => setup.source === 'cached-1ms');
    expect(reused?.load.ledger.sharedTimestamps).toBeGreaterThan(0);
    expect(record.buffers?.send?.maxBytes).toBeGreaterThan(0);
    expect(existsSync(join(out.path, 'slow-readers.svg'))).toBe(true);
    expect(readFileSync(join(out.path, 'report.md'), 'utf8')).toContain('why a send rate is no throughput');
  });
});

describe('each fault fails the right check with the count of the server', () => {
  const CASES = [
    { fault: 'drop-deliveries=0.1%', check: 'lost' },
    { fault: 'duplicate-deliveries=0.1%', check: 'duplicated' },
  ] as const;

  it.each(CASES)('$fault, in both formats', async ({ fault, check }) => {
    const [name = ''] = fault.split('=');
    const argv = [...SEARCH, '--fault', fault, '--out', out.path, '--json'];
    // What is lost is lost on a sick rig, too.
    const { exit, stdout, stderr } = await runProfiler(FIREHOSE, argv);
    expect(exit, stdout + stderr).toBe(1);
    const record = recordIn(out.path, 'firehose');
    const unique = { ...record, cells: record.cells.filter(({ setup }) => setup.source === 'unique') };
    const harmed = analyseFirehose(unique).cells.reduce((sum, { ledger }) => sum + (ledger[check] ?? 0), 0);
    const counted = sumOver(
      unique,
      ({ serverCounters }) => serverCounters.faultInjections?.[name] ?? Number.NaN,
    );
    expect(harmed).toBeGreaterThan(5);
    expect(harmed).toBe(counted);
    const formats = new Set(unique.cells.map(({ setup }) => setup.format));
    expect([...formats].sort()).toEqual(['binary', 'json']);
    const { checks } = printedVerdict(stdout);
    expect(checks.find((found) => found.name === check)).toMatchObject({ verdict: 'fail' });
    for (const { check: other } of CASES.filter((one) => one.check !== check)) {
      expect(checks.find((found) => found.name === other)).toMatchObject({ verdict: 'pass', observed: 0 });
    }
  });
});

describe('a server that ran before', () => {
  let server: ServerProcess;
  beforeEach(async () => {
    server = await ServerProcess.start();
  });
  afterEach(() => server.kill());

  const config = async (init?: RequestInit): Promise<unknown> =>
    (await fetch(`${server.urls.httpUrl}/config`, init)).json();

  it('is set for each cell over HTTP, told apart without metrics, and left as it was', async () => {
    const changed = { method: 'POST', headers: { 'content-type': 'application/json' } };
    await config({ ...changed, body: '{"rate":123,"fanOut":"framed","source":"cached-1ms"}' });
    const url = server.urls.wsUrl.replace(/\/ws$/, '/ticks');
    const argv = [...SEARCH, '--format', 'binary', '--url', url, '--out', out.path];
    const { exit, stdout, stderr } = await runProfiler(FIREHOSE, argv);
    expect([0, 4], stdout + stderr).toContain(exit);
    const record = recordIn(out.path, 'firehose');
    expect(record.target.sees.metrics).toBe(false);
    for (const { ledger, rates } of analyseFirehose(record).cells) {
      expect(ledger.lost).toBe(0);
      expect(rates.buffered).toBeGreaterThan(0);
    }
    expect(await config()).toMatchObject({ rate: 123, fanOut: 'framed', source: 'cached-1ms' });
  });
});

describe('benchmark', () => {
  it('prints and keeps the rates of server and reader', async () => {
    const argv = ['--mode', 'tauri-rust', '--rate', `${RATE}`, '--duration', '0.5', '--engines', 'ws'];
    const { exit, stdout, stderr } = await runProfiler(BENCHMARK, [...argv, '--out', out.path]);
    expect([0, 4], stdout + stderr).toContain(exit);
    expect(stderr).toMatch(/server: buffered [\d,]+\/s · flushed [\d,]+\/s · delivered [\d,]+\/s/);
    expect(stdout).toMatch(/^ancestor, native reader +JSON/m);
    expect(stdout).toMatch(/repeat +npm run benchmark -- --seed \d+ --mode tauri-rust --rate 20000/);
    const [cell] = recordIn(out.path, 'firehose').cells;
    expect(cell).toMatchObject({ part: 'benchmark', setup: { rate: RATE, reader: 'lean' } });
    expect(cell?.load.measured.received).toBeGreaterThan(0);
    expect(cell?.window.acknowledged).toBeGreaterThan(0);
  });
});
