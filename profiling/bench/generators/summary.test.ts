import { describe, expect, it } from 'vitest';
import { sampleFigures, sampleReport } from '../../testing/sample-generators.ts';
import { benchCells } from './bench-cells.ts';
import { parseGeneratorOptions } from './options.ts';
import { problemsOf } from './summary.ts';

const report = sampleReport();

describe('the rows of bench:generators', () => {
  it('compare each generator with ours in the same round', () => {
    const [coarse, fine] = report.speed;
    expect(
      coarse?.rows.map(({ generator, perCoreSecond }) => [generator, Math.round(perCoreSecond)]),
    ).toEqual([
      ['touchline', 1_000_000],
      ['k6', 20_000],
      ['ws', 250_000],
    ]);
    expect(coarse?.rows.map(({ oursToThis }) => oursToThis?.ratio)).toEqual([
      undefined,
      expect.closeTo(50),
      expect.closeTo(4),
    ]);
    // A round that failed takes no part.
    expect(fine?.rows.map(({ oursToThis }) => oursToThis?.pairs)).toEqual([undefined, 2, 3]);
  });

  it('take memory a connection as a slope over the counts of all rounds', () => {
    const rows = report.memory.rows.map(({ generator, bytesPerConnection, baseBytes, toOurs }) => [
      generator,
      Math.round(bytesPerConnection),
      Math.round(baseBytes / 1e6),
      toOurs === null ? null : Math.round(toOurs),
    ]);
    expect(rows).toEqual([
      ['touchline', 6_000, 130, null],
      ['k6', 240_000, 45, 40],
      ['ws', 18_000, 60, 3],
    ]);
    expect(report.memory.rows[1]?.connectionsPerCore).toBeCloseTo(1_900, 0);
  });

  it('say where a generator counts otherwise than the server', () => {
    const options = parseGeneratorOptions(['--quick']);
    const cell = options === null ? undefined : benchCells(options)[0];
    if (cell === undefined) throw new Error('expected a cell');
    const problems = (changes: Parameters<typeof sampleFigures>[2]) =>
      problemsOf(
        [{ cell, generator: 'k6', round: 1, figures: sampleFigures(cell, 'k6', changes) }],
        ({ generator }) => generator,
      );
    expect(problems({})).toEqual([]);
    expect(problems({ received: 99_999, lost: 1 })).toEqual([
      'k6: received 99999 of 100000 messages',
      'k6: counted 1 lost, where 0 were dropped',
    ]);
  });
});
