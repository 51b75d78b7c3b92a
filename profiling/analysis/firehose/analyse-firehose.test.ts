import { describe, expect, it } from 'vitest';
import { type CellKnobs, sampleCell, sampleFirehose, sampleSearch } from '../../testing/sample-firehose.ts';
import { analyseFirehose } from './analyse-firehose.ts';

function analyse(knobs: CellKnobs = {}, rate = 1_000) {
  const [cell] = analyseFirehose(sampleFirehose({ cells: [sampleCell('search', rate, knobs)] })).cells;
  if (cell === undefined) throw new Error('the sample has a cell');
  return cell;
}

const BINARY = { setup: { format: 'binary' } } as const;

describe('rates', () => {
  it('are told apart: asked, offered, buffered, flushed, delivered, received', () => {
    const cell = analyse({ deliveredRatio: 0.9, setup: { readers: 3 }, unread: 30 });
    expect(cell.rates).toEqual({
      asked: 3_000,
      offered: 3_000,
      buffered: 2_730,
      flushed: 2_730,
      delivered: 2_700,
      heldBack: 270,
      received: 2_700,
    });
    expect(cell.deliveredRatio).toBe(0.9);
    expect(cell.backlogPerSecond).toBe(30);
    expect(cell.efficiency).toBeCloseTo(2_700 / 2_730);
  });

  it('leave readers that stopped out of what is asked for', () => {
    const cell = analyse({ setup: { readers: 3, slowReaders: 1 } });
    expect(cell.rates).toMatchObject({ asked: 2_000, offered: 3_000 });
  });

  it('are null where the server shows no counters', () => {
    const nothing = { seconds: null, made: null, offered: null, buffered: null, flushed: null } as const;
    const more = { acknowledged: null, skipped: null, writes: null, frames: null, wireBytes: null } as const;
    const counts = { ...nothing, ...more };
    const cell = analyse({ cell: { window: counts, whole: counts } });
    expect(cell.rates).toMatchObject({ offered: null, delivered: null, received: 999 });
    expect(cell).toMatchObject({ backlogPerSecond: null, efficiency: null, framesPerWrite: null });
    expect(cell.counterCheck).toMatchObject({ server: null, unexplained: null });
  });
});

describe('the ledger of JSON ticks', () => {
  it('takes numbers that never came and were not called skipped for lost', () => {
    expect(analyse({ ledger: { gaps: 12, skipped: 10 } }).ledger).toMatchObject({ lost: 2, skipped: 10 });
  });

  it('does not count a repetition as a time that is shared', () => {
    const { ledger } = analyse({ ledger: { duplicated: 5, sharedTimestamps: 7 } });
    expect(ledger).toMatchObject({ duplicated: 5, sharedTimestamps: 2 });
  });
});

describe('the ledger of binary ticks', () => {
  it('takes what was flushed and never read for lost, and what is beyond it for doubled', () => {
    expect(analyse({ ...BINARY, unread: 4 }).ledger).toMatchObject({ lost: 4, duplicated: 0 });
    const doubled = analyse({ ...BINARY, unread: -3, ledger: { sharedTimestamps: 3 } });
    expect(doubled.ledger).toMatchObject({ lost: 0, duplicated: 3, sharedTimestamps: 0 });
  });

  it('says nothing where others were flushed to, or a reader left early', () => {
    const unknown = { lost: null, duplicated: null };
    expect(analyse({ setup: { format: 'binary', readers: 2, slowReaders: 1 } }).ledger).toMatchObject(
      unknown,
    );
    expect(analyse({ ...BINARY, ledger: { undetermined: 1 } }).ledger).toMatchObject(unknown);
  });
});

describe('ticks that are reused', () => {
  it('are compared with what the server flushed, since their numbers repeat', () => {
    const cell = analyse({ setup: { source: 'cached-1ms' }, ledger: { duplicated: 900, gaps: 0 } });
    expect(cell.ledger).toMatchObject({ lost: 0, duplicated: 0, sharedTimestamps: 989 });
  });
});

describe('counted at both ends', () => {
  it('agrees where loss and repetitions explain the difference', () => {
    expect(analyse({ unread: 2, ledger: { gaps: 2 } }).counterCheck).toMatchObject({
      difference: 2,
      unexplained: 0,
    });
    expect(analyse({ unread: -2, ledger: { duplicated: 2 } }).counterCheck.unexplained).toBe(0);
  });

  it('does not where they do not', () => {
    expect(analyse({ unread: 9, ledger: { gaps: 2 } }).counterCheck.unexplained).toBe(7);
    expect(analyse({ unread: -9 }).counterCheck.unexplained).toBe(-9);
  });
});

describe('labels', () => {
  it('name what sets a cell apart, and tell cells of one name apart', () => {
    const cells = [
      ...sampleSearch('json'),
      sampleCell('readers', 100_000, { setup: { readers: 10, format: 'binary' } }),
      sampleCell('modes', 1_000_000, { setup: { mode: 'naive' } }),
      sampleCell('sources', 100_000, { setup: { source: 'cached-1ms' } }),
      sampleCell('kinds', 100_000, { setup: { reader: 'browser-naive' } }),
      sampleCell('slow', 100_000, { setup: { readers: 2, slowReaders: 1 } }),
      sampleCell('engines', 100_000, { setup: { engine: 'uws' } }),
      sampleCell('engines', 100_000),
    ];
    expect(analyseFirehose(sampleFirehose({ cells })).cells.map(({ label }) => label)).toEqual([
      '100,000/s JSON',
      '1,000,000/s JSON',
      '1,000,000/s JSON (confirmation)',
      '100,000/s binary to 10',
      '1,000,000/s JSON, naive',
      '100,000/s JSON, cached-1ms',
      '100,000/s JSON, browser-naive reader',
      '100,000/s JSON to 2, 1 stopped',
      '100,000/s JSON, uws',
      '100,000/s JSON',
    ]);
  });
});
