/** A calibration as text for a terminal. */

import type { Calibration } from '../calibration/calibration.ts';

/** The ceilings, then the floor per fan-out as a table. */
export function calibrationTable(calibration: Calibration): string {
  const { fingerprint } = calibration;
  const ceilings = [
    `${fingerprint.cpuModel}, ${fingerprint.cores} cores, Node ${fingerprint.node}`,
    '',
    'Ceilings of one generator worker',
    `  deliveries checked per core, one frame a read   ${count(calibration.singleFramePerCoreSecond)}/s`,
    `  deliveries checked per core, frames coalesced   ${count(calibration.coalescedPerCoreSecond)}/s`,
    `  connections opened                              ${count(calibration.connectsPerSecondPerWorker)}/s`,
    '',
    'Floor: what even the simplest server shows, at 10 broadcasts/s',
  ];
  const header = ['fan-out', 'p50', 'p99', 'loop delay p99', 'worker CPU'];
  const rows = calibration.bursts.map((burst) => [
    count(burst.fanOut),
    ms(burst.p50Ms),
    ms(burst.p99Ms),
    ms(burst.loopDelayP99Ms),
    `${(burst.workerCpuRatio * 100).toFixed(0)} %`,
  ]);
  return [...ceilings, ...alignRight([header, ...rows])].join('\n');
}

function alignRight(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
