import { describe, expect, it } from 'vitest';
import { analyseFirehose } from '../../analysis/firehose/analyse-firehose.ts';
import type { FirehoseCell, FirehoseRecord } from '../../record/firehose-record.ts';
import {
  BUSY_READER,
  type CellKnobs,
  sampleCell,
  sampleFirehose,
  sampleSearch,
} from '../../testing/sample-firehose.ts';
import { judgeFirehose } from './judge-firehose.ts';

function judge(changes: Partial<FirehoseRecord> = {}) {
  const record = sampleFirehose(changes);
  const verdict = judgeFirehose(record, analyseFirehose(record));
  const check = (name: string) => verdict.checks.find((candidate) => candidate.name === name);
  const titles = verdict.findings.map(({ title }) => title);
  return { ...verdict, check, titles };
}

/** A search in JSON alone, each step with its own knobs. */
function search(...steps: readonly (readonly [rate: number, knobs?: CellKnobs])[]): FirehoseCell[] {
  return steps.map(([rate, knobs = {}]) => sampleCell('search', rate, { kind: 'sweep', ...knobs }));
}

const SLOW: CellKnobs = { delayMs: 40 };
const HALF: CellKnobs = { deliveredRatio: 0.5 };

describe('judgeFirehose', () => {
  it('passes a server that sustains what is asked for, in both formats', () => {
    const { verdict, sentence, check, searches, requiredRate } = judge();
    expect(verdict).toBe('pass');
    expect(sentence).toMatch(
      /^Pass: the server sustained 1,000,000 in JSON and 1,000,000 in binary ticks\/s to one reader that checks every tick, and none was lost, doubled, out of order or shared its time: 99\.90 % delivered, 99 % of ticks within /,
    );
    expect(searches.map(({ format, sustainedRate }) => [format, sustainedRate])).toEqual([
      ['json', 1_000_000],
      ['binary', 1_000_000],
    ]);
    expect(requiredRate).toBe(100_000);
    expect(check('sustained-tick-rate')).toMatchObject({ verdict: 'pass', threshold: 100_000 });
    expect(check('delivered-ratio')).toMatchObject({ verdict: 'pass', observed: 0.999 });
  });

  it('fails below the required rate, and says in which format', () => {
    const cells = [...sampleSearch('json'), ...sampleSearch('binary', SLOW)];
    const { verdict, sentence, check } = judge({ cells });
    expect(verdict).toBe('fail');
    expect(sentence).toContain('no rate held in binary, 100,000 did not (100,000/s is asked for)');
    expect(check('sustained-tick-rate')).toMatchObject({
      verdict: 'fail',
      observed: null,
      detail: 'at 100,000/s binary limits broke',
    });
    expect(check('tick-p99')).toMatchObject({ verdict: 'fail', detail: 'at 100,000/s binary' });
  });

  it('ends its search where the rate breaks above what is required', () => {
    const { verdict, searches, limitedBy, check } = judge({
      cells: search([100_000], [1_000_000, { ...HALF, cell: { serverWindow: FULL_CORE } }]),
    });
    expect(verdict).toBe('pass');
    expect(searches[0]).toMatchObject({
      sustainedRate: 100_000,
      ceiling: { rate: 1_000_000, judgement: 'slow' },
    });
    expect(limitedBy).toMatchObject({ kind: 'server-core' });
    expect(limitedBy.sentence).toContain("at 1,000,000/s JSON the server's core was full");
    expect(check('delivered-ratio')?.detail).toBe('at 100,000/s JSON');
  });

  it('takes no shortfall for the server’s where the reader was full', () => {
    const starved = search([100_000, { ...HALF, ...BUSY_READER }]);
    const { verdict, check, limitedBy } = judge({ cells: starved, rates: [100_000] });
    expect(verdict).toBe('inconclusive');
    expect(check('sustained-tick-rate')?.detail).toContain('the rig was the limit');
    expect(limitedBy.kind).toBe('generator');
  });

  it.each([
    ['lost', { ledger: { gaps: 3 }, unread: 3 }, '3 ticks were lost'],
    ['duplicated', { ledger: { duplicated: 4 }, unread: -4 }, '4 ticks arrived more than once'],
    ['out-of-order', { ledger: { outOfOrder: 5 } }, '5 ticks arrived out of order'],
    ['shared-timestamps', { ledger: { sharedTimestamps: 6 } }, '6 ticks shared the time of another'],
    ['not-connected', { load: { connect: refused() } }, '1 readers were never connected'],
  ] as const)('fails on %s in any cell', (name, knobs, said) => {
    const cells = [...sampleSearch('json'), sampleCell('modes', 1_000_000, knobs)];
    const { verdict, sentence, check } = judge({ cells });
    expect(verdict).toBe('fail');
    expect(sentence).toContain(said);
    expect(check(name)?.verdict).toBe('fail');
  });

  it('does not mind repetitions of a source that repeats', () => {
    const reused = sampleCell('sources', 100_000, {
      setup: { source: 'cached-1ms' },
      ledger: { duplicated: 99_000 },
    });
    const { verdict, check, titles } = judge({ cells: [...sampleSearch('json'), reused] });
    expect(verdict).toBe('pass');
    expect(check('shared-timestamps')?.observed).toBe(0);
    expect(titles).toContain('A tick that is reused for a millisecond is no tick of its own');
  });

  it('counts no readers that were turned away beyond what is sustained', () => {
    const away = { load: { disconnects: [{ reason: 'close_4002', count: 2 }] } };
    const cells = [
      ...sampleSearch('json'),
      sampleCell('modes', 1_000_000, { ...away, setup: { mode: 'naive' } }),
    ];
    expect(judge({ cells }).check('errors')).toMatchObject({
      verdict: 'pass',
      observed: 0,
      detail: expect.stringContaining('2 in 1,000,000/s JSON, naive, beyond what is sustained'),
    });
    const within = [...sampleSearch('json'), sampleCell('readers', 100_000, away)];
    expect(judge({ cells: within }).check('errors')).toMatchObject({ verdict: 'fail', observed: 2 });
  });

  it('does not trust books that disagree', () => {
    const cells = [...sampleSearch('json'), sampleCell('readers', 100_000, { unread: 50 })];
    const { verdict, check } = judge({ cells });
    expect(verdict).toBe('inconclusive');
    expect(check('healthy-rig')?.detail).toContain('50 of the difference is unexplained');
  });

  it('takes another limit, and asks for as much as was typed', () => {
    expect(judge({ thresholds: { 'tick-p99': 0.001 } }).verdict).toBe('fail');
    const { verdict, check } = judge({ thresholds: { 'sustained-tick-rate': 2_000_000 } });
    expect(verdict).toBe('inconclusive');
    expect(check('sustained-tick-rate')?.detail).toContain('2,000,000/s was not measured in JSON');
  });

  it('says of a fault that is switched on that it did it', () => {
    const { serverCounters } = sampleCell('search', 100_000);
    const lossy = sampleCell('search', 100_000, {
      kind: 'sweep',
      unread: 10,
      ledger: { gaps: 10 },
      cell: { serverCounters: { ...serverCounters, faultInjections: { 'drop-deliveries': 10 } } },
    });
    const { findings } = judge({ cells: [lossy], faults: ['drop-deliveries=0.01%'] });
    expect(findings[0]).toMatchObject({
      title: 'Ticks were lost: the fault that is switched on did it',
      seen: expect.stringContaining('The server itself counts 10'),
    });
  });

  it('tells what a reader that stopped shows', () => {
    const { slowReaders, titles, findings } = judge();
    expect(slowReaders.map(({ mode, effect }) => [mode, effect])).toEqual([
      ['naive', 'spared'],
      ['coalesced', 'spared'],
    ]);
    expect(titles).toContain('A send rate is no throughput');
    const naive = findings.find(({ title }) => title === 'A send rate is no throughput');
    expect(naive?.seen).toContain('sends 199,900/s and 99,900/s arrive (50 %)');
    expect(titles).toContain('A slow reader is bounded, conflated and counted');
  });

  it('sees when a stopped reader holds the others up', () => {
    const cells = [
      ...sampleSearch('json'),
      sampleCell('slow', 100_000),
      sampleCell('slow', 100_000, { delayMs: 8, setup: { readers: 2, slowReaders: 1 } }),
    ];
    const { slowReaders, titles } = judge({ cells });
    expect(slowReaders[0]).toMatchObject({ effect: 'held-up' });
    expect(titles).toContain('A slow reader holds the others up');
  });

  it('concludes nothing for the others where the server is overrun without it', () => {
    const alone = sampleCell('slow', 100_000);
    const cells = [
      ...sampleSearch('json'),
      // Two are offered what one was to get.
      { ...alone, setup: { ...alone.setup, readers: 2 } },
      sampleCell('slow', 100_000, { delayMs: 8, setup: { readers: 2, slowReaders: 1 } }),
    ];
    const [pair] = judge({ cells }).slowReaders;
    expect(pair).toMatchObject({ effect: 'unknown' });
    expect(pair?.conclusion).toContain('cannot keep up with as many readers that all read');
  });

  it('names the readers that do not keep up, and what modes differ by', () => {
    const { titles, findings } = judge();
    expect(titles).toContain('ws does not keep up');
    const writing = findings.find(({ title }) => title === 'Writing is the cost of a tick');
    expect(writing?.seen).toContain('at least 8.3 times as many to 1 reader in json');
  });

  it('judges a benchmark by its counts alone', () => {
    const cells = [sampleCell('benchmark', 500_000, { ...HALF, setup: { reader: 'browser-naive' } })];
    const { verdict, sentence, checks } = judge({ cells });
    expect(verdict).toBe('pass');
    expect(sentence).toBe(
      'Pass: browser-naive got 250,000/s (50 %) of 500,000/s JSON on ws; every tick is accounted for.',
    );
    expect(checks.map(({ name }) => name)).not.toContain('delivered-ratio');
  });

  it('passes nothing that was cut short or never began', () => {
    const outcome = { state: 'interrupted', message: 'stopped by a signal in 100,000/s JSON' } as const;
    expect(judge({ outcome })).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'Inconclusive: the run was cut short: stopped by a signal in 100,000/s JSON.',
    });
    expect(judge({ cells: [], outcome }).verdict).toBe('inconclusive');
  });
});

const FULL_CORE = {
  ...sampleCell('search', 1).serverWindow,
  cpuCores: 0.99,
};

function refused() {
  return {
    attempted: 1,
    connected: 0,
    establishMs: 1,
    latency: '',
    failures: [{ reason: 'http_503', count: 1 }],
  };
}
