/** The tables of `bench:generators`, which terminal and Markdown both show. Pure. */

import {
  formatBytes,
  formatCount,
  formatMs,
  formatPercent,
  NOT_AVAILABLE,
} from '../../verdict/quantities.ts';
import { formatRatio } from '../peers/ratio-table.ts';
import { GENERATORS, type GeneratorName } from './generator-catalogue.ts';
import type { Quantiles, StreamTruth } from './server/server-messages.ts';
import type { MeasuredTurn, MemoryRow, SpeedRow } from './summary.ts';

/** Rows of cells, the head first. */
export type TextTable = readonly (readonly string[])[];

export const GENERATOR_HEAD = 'generator';

export function speedTable(rows: readonly SpeedRow[]): TextTable {
  return [
    [
      GENERATOR_HEAD,
      'checked messages a core-second',
      'touchline ÷ it',
      '95 % CI',
      'behind at the end',
      'memory',
      'server CPU',
    ],
    ...rows.map(({ generator, perCoreSecond, oursToThis, behindMs, peakRssBytes, serverCpuRatio }) => [
      GENERATORS[generator].title,
      formatCount(perCoreSecond),
      oursToThis === null ? NOT_AVAILABLE : formatRatio(oursToThis.ratio),
      oursToThis === null ? NOT_AVAILABLE : `${formatRatio(oursToThis.low)}–${formatRatio(oursToThis.high)}`,
      formatMs(behindMs),
      formatBytes(peakRssBytes),
      formatPercent(serverCpuRatio),
    ]),
  ];
}

export function memoryTable(rows: readonly MemoryRow[]): TextTable {
  return [
    [
      GENERATOR_HEAD,
      'memory a connection',
      '95 % CI',
      '× touchline',
      'connections a GB',
      'without any',
      'connections a core',
    ],
    ...rows.map(({ generator, bytesPerConnection, ci95Bytes, baseBytes, connectionsPerCore, toOurs }) => [
      GENERATORS[generator].title,
      formatBytes(bytesPerConnection),
      ci95Bytes === null ? NOT_AVAILABLE : `± ${formatBytes(ci95Bytes)}`,
      toOurs === null ? NOT_AVAILABLE : formatRatio(toOurs),
      // A slope that noise made negative says nothing.
      bytesPerConnection > 0 ? formatCount(1e9 / bytesPerConnection) : NOT_AVAILABLE,
      formatBytes(baseBytes),
      formatCount(connectionsPerCore),
    ]),
  ];
}

/** What each says of a stream whose answer is known, beside what the server did while that one received. */
export function answerTable(turns: readonly MeasuredTurn[], generators: readonly GeneratorName[]): TextTable {
  const rows = generators.flatMap((generator) => {
    const turn = turns.find((each) => each.generator === generator);
    return turn === undefined ? [] : [answerRow(turn)];
  });
  const columns = ['p50 from intended', 'p99 from intended', 'p50 from send', 'p99 from send', 'lost'];
  return [[GENERATOR_HEAD, ...columns], ...rows];
}

function answerRow({ generator, figures }: MeasuredTurn): readonly string[] {
  const { result, truth } = figures;
  return [
    GENERATORS[generator].title,
    ...beside(result.fromIntended, truth, 'fromIntended'),
    ...beside(result.fromSent, truth, 'fromSent'),
    `${formatCount(result.lost)} (${formatCount(truth.dropped)})`,
  ];
}

/** `51.0 ms (50.2 ms)`: what it says, and what the server did. */
function beside(
  reported: Quantiles | null,
  truth: StreamTruth,
  kind: 'fromIntended' | 'fromSent',
): readonly string[] {
  const pair = (quantile: keyof Quantiles) =>
    `${formatMs(reported?.[quantile] ?? null)} (${formatMs(truth[kind][quantile])})`;
  return [pair('p50Ms'), pair('p99Ms')];
}
