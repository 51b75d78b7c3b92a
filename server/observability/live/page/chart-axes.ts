/** Axes and scales of a chart. */

import type uPlotType from 'uplot';
import { formatAxis } from './format.ts';
import { colour } from './palette.ts';
import type { Panel } from './panels.ts';

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const Y_AXIS_PX = 58;
const X_AXIS_PX = 26;
const Y_SPACE_PX = 30;
const X_SPACE_PX = 70;
/** A logarithmic axis shows one decade at least, and no figure below this. */
const LEAST_LOG = 0.01;

/** Time below, figures with their unit to the left. */
export function axesOf({ unit, log }: Panel): uPlotType.Axis[] {
  const lines = {
    font: FONT,
    stroke: () => colour('soft'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...lines,
      size: X_AXIS_PX,
      space: X_SPACE_PX,
      grid: { show: false },
      gap: 7,
      values: (_, splits) => splits.map((seconds) => clockTime(seconds * 1000)),
    },
    {
      ...lines,
      size: Y_AXIS_PX,
      space: Y_SPACE_PX,
      gap: 6,
      // uPlot would leave figures out where it thinks there are too many powers of ten.
      ...(log
        ? {
            splits: (_, __, min, max) => logSplits(min, max),
            filter: (_: uPlotType, splits: number[]) => splits,
          }
        : {}),
      values: (_, splits) => [...formatAxis(splits, unit)],
    },
  ];
}

/** The time span shown is given from outside; figures begin at 0, or at a power of ten. */
export function scalesOf({ log, least }: Panel): uPlotType.Scales {
  return {
    x: { time: true, auto: false },
    y: log
      ? { distr: 3, log: 10, range: (_, min, max) => logRange(min, max) }
      : { range: (_, __, max) => [0, Math.max(least ?? 0, (max ?? 0) * 1.12)] },
  };
}

function logRange(min: number | null, max: number | null): [number, number] {
  const low = Math.max(LEAST_LOG, min ?? 0.1);
  const high = Math.max(low, max ?? 1);
  const from = Math.floor(Math.log10(low));
  const to = Math.max(from + 1, Math.ceil(Math.log10(high)));
  return [10 ** from, 10 ** to];
}

/** Powers of ten; with 2 and 5 between them where there is room. */
function logSplits(min: number, max: number): number[] {
  const from = Math.round(Math.log10(min));
  const to = Math.round(Math.log10(max));
  const steps = to - from > 1 ? [1] : [1, 2, 5];
  const decades = Array.from({ length: to - from + 1 }, (_, decade) => 10 ** (from + decade));
  return decades
    .flatMap((decade) => steps.map((step) => Number((decade * step).toPrecision(1))))
    .filter((value) => value <= max * 1.001);
}

/** `14:05:30` */
export function clockTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB');
}
