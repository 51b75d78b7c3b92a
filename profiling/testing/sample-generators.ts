/** Turns of a comparison of generators as a run might find them: ours at a million, the others at round fractions. */

import { type BenchCell, benchCells } from '../bench/generators/bench-cells.ts';
import type { BenchTurn } from '../bench/generators/bench-run.ts';
import type { GeneratorName } from '../bench/generators/generator-catalogue.ts';
import { type GeneratorsReport, summarise } from '../bench/generators/generators-report.ts';
import type { TurnFigures } from '../bench/generators/measure-turn.ts';
import { parseGeneratorOptions } from '../bench/generators/options.ts';

interface Sample {
  readonly perCoreSecond: number;
  readonly bytesPerConnection: number;
  readonly baseBytes: number;
  /** What it adds to the server's own times. */
  readonly addedMs: number;
}

const SAMPLES: Readonly<Partial<Record<GeneratorName, Sample>>> = {
  touchline: { perCoreSecond: 1_000_000, bytesPerConnection: 6_000, baseBytes: 130e6, addedMs: 0.25 },
  k6: { perCoreSecond: 20_000, bytesPerConnection: 240_000, baseBytes: 45e6, addedMs: 1.5 },
  ws: { perCoreSecond: 250_000, bytesPerConnection: 18_000, baseBytes: 60e6, addedMs: 0.5 },
};

/** How each round differs from the others: all generators of a round alike, so ratios are exact. */
const ROUNDS = [1, 0.9, 1.2];

/** @param changes to what a generator without a defect would say */
export function sampleFigures(
  cell: BenchCell,
  generator: GeneratorName,
  changes: { readonly round?: number; readonly received?: number; readonly lost?: number } = {},
): TurnFigures {
  const sample = SAMPLES[generator] ?? { perCoreSecond: 1, bytesPerConnection: 1, baseBytes: 1, addedMs: 1 };
  const { connections, broadcastsPerSecond, measureMs, fault } = cell.plan;
  const broadcasts = (broadcastsPerSecond * measureMs) / 1_000;
  const dropped = fault.kind === 'drop' ? (connections * broadcasts) / fault.everyNth : 0;
  const deliveries = connections * broadcasts - dropped;
  const lateMs = fault.kind === 'delay' ? fault.ms : 0;
  const stalledMs = fault.kind === 'stall' ? fault.ms : 1;
  const quantiles = (addedMs: number) => ({
    fromIntended: { p50Ms: lateMs + 0.5 + addedMs, p99Ms: lateMs + stalledMs + addedMs },
    fromSent: { p50Ms: lateMs + 0.1 + addedMs, p99Ms: lateMs + 1 + addedMs },
  });
  return {
    truth: { broadcasts, deliveries, dropped, ...quantiles(0) },
    deliveries,
    result: { received: deliveries, lost: dropped, repeated: 0, ...quantiles(sample.addedMs), ...changes },
    cpuSeconds: deliveries / (sample.perCoreSecond * (ROUNDS[(changes.round ?? 1) - 1] ?? 1)),
    serverCpuSeconds: 0.1,
    behindMs: sample.addedMs * 10,
    seconds: 1,
    idleRssBytes: sample.baseBytes,
    peakRssBytes: sample.baseBytes + sample.bytesPerConnection * connections,
  };
}

/** With a generator that cannot be had, a turn that failed and a count that is wrong. */
export function sampleReport(): GeneratorsReport {
  const options = parseGeneratorOptions([]);
  const cells = options === null ? [] : benchCells(options);
  const names = ['touchline', 'k6', 'ws'] as const;
  const turns = cells.flatMap((cell) =>
    Array.from({ length: cell.rounds }, (_, index) =>
      names.map((generator): BenchTurn => {
        const round = index + 1;
        const turn = { cell, generator, round };
        if (cell.part === 'speed' && cell.turnMs === 1 && round === 3 && generator === 'k6') {
          return { ...turn, failure: 'expected 100 connections to read everything within 60 s; 98 did' };
        }
        const isWrong = cell.part === 'answers' && cell.plan.fault.kind === 'drop' && generator === 'ws';
        return {
          ...turn,
          figures: sampleFigures(cell, generator, { round, ...(isWrong ? { lost: 59 } : {}) }),
        };
      }),
    ).flat(),
  );
  return summarise({
    setting: {
      command: 'npm run bench:generators',
      startedAt: Date.UTC(2026, 10, 27, 22, 0, 0),
      durationMs: 480_000,
      environment: 'AMD EPYC, 2 cores, 25.28 GB · kernel 6.18 · Node v20.20.2 · commit 1a2b3c4d5e6f',
      otherLoadRatio: 0.043,
    },
    measured: [
      { name: 'touchline', version: '0.1.0, Node v20.20.2' },
      { name: 'k6', version: 'v2.2.0' },
      { name: 'ws', version: '8.23.0, Node v20.20.2' },
    ],
    unavailable: [
      { name: 'artillery', reason: 'It could not be installed from the npm registry: Command failed.' },
    ],
    cells,
    turns,
  });
}
