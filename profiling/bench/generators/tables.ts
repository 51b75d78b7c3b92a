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
  const ours = rows.find(({ generator }) => generator === 'touchline');
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
    ...rows.map((row) => [
      GENERATORS[row.generator].title,
      formatBytes(row.bytesPerConnection),
      row.ci95Bytes === null ? NOT_AVAILABLE : `± ${formatBytes(row.ci95Bytes)}`,
      row.toOurs !== null && isKnown(row) && isKnown(ours) ? formatRatio(row.toOurs) : NOT_AVAILABLE,
      isKnown(row) ? formatCount(1e9 / row.bytesPerConnection) : NOT_AVAILABLE,
      formatBytes(row.baseBytes),
      formatCount(row.connectionsPerCore),
    ]),
  ];
}

/** A slope that noise could have made says nothing, and nothing is to be divided by it. */
function isKnown(row: MemoryRow | undefined): boolean {
  return row !== undefined && row.bytesPerConnection > (row.ci95Bytes ?? 0);
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
