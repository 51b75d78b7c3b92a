import { describe, expect, it } from 'vitest';
import { SAMPLE_CELL, sampleFigures, sampleWindows } from '../../testing/sample-peers.ts';
import { summariseCell } from './cell-summary.ts';
import type { PeerWindow } from './peer-window.ts';

const rowOf = (windows: readonly PeerWindow[], peer: 'floor' | 'ws' | 'uws') =>
  summariseCell(SAMPLE_CELL, windows, ['floor', 'ws', 'uws']).rows.find((row) => row.peer === peer);

describe('summariseCell', () => {
  it('compares within a round, so that what slows a whole round down changes no ratio', () => {
    const row = rowOf(
      sampleWindows({
        floor: sampleFigures(10_000_000),
        ws: sampleFigures(100_000),
        uws: sampleFigures(4_000_000),
      }),
      'uws',
    );
    expect(row?.deliveriesPerSecond).toBe(4_000_000);
    expect(row?.ratioToWs?.ratio).toBeCloseTo(40, 6);
    expect(row?.ratioToWs?.low).toBeCloseTo(40, 6);
    expect(row?.ofFloor).toBeCloseTo(0.4, 6);
  });

  it('leaves a round out of the ratio where one of the two failed', () => {
    const windows: readonly PeerWindow[] = [
      { peer: 'ws', round: 1, figures: sampleFigures(100_000) },
      { peer: 'ws', round: 2, failure: 'it ended' },
      { peer: 'ws', round: 3, figures: sampleFigures(100_000) },
      { peer: 'uws', round: 1, figures: sampleFigures(200_000) },
      { peer: 'uws', round: 2, figures: sampleFigures(9_000_000) },
      { peer: 'uws', round: 3, figures: sampleFigures(200_000) },
    ];
    expect(rowOf(windows, 'uws')?.ratioToWs).toMatchObject({ ratio: 2, pairs: 2 });
    expect(rowOf(windows, 'ws')?.failures).toEqual(['it ended']);
  });

  it('has no interval from one round, and no row without any', () => {
    const windows: readonly PeerWindow[] = [
      { peer: 'ws', round: 1, figures: sampleFigures(100_000) },
      { peer: 'uws', round: 1, failure: 'it ended' },
    ];
    const summary = summariseCell(SAMPLE_CELL, windows, ['floor', 'ws', 'uws']);
    expect(summary.rows.map(({ peer, ratioToWs, ofFloor }) => [peer, ratioToWs, ofFloor])).toEqual([
      ['ws', null, null],
    ]);
    expect(summary.failed).toEqual([{ peer: 'uws', reason: 'it ended' }]);
  });

  it('merges the latencies of the rounds, and gives no percentile from few', () => {
    const many = rowOf(sampleWindows({ ws: sampleFigures(100_000, { latencyMs: 2 }) }), 'ws');
    expect(many?.p50Ms).toBeCloseTo(2, 1);
    expect(many?.p99Ms).toBeCloseTo(2, 1);
    const none = rowOf(sampleWindows({ ws: sampleFigures(100_000) }), 'ws');
    expect([none?.p50Ms, none?.p99Ms]).toEqual([null, null]);
  });

  it('adds up what went wrong in any round', () => {
    const row = rowOf(
      sampleWindows({ ws: sampleFigures(100_000, { lost: 1, repeated: 2, corrupt: 3 }) }),
      'ws',
    );
    expect(row).toMatchObject({ lost: 3, repeated: 6, corrupt: 9 });
  });
});
