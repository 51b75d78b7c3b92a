/** Axes, lines and legends that the charts share. */

import { formatCount } from '../../verdict/quantities.ts';
import { PALETTE, type PaletteName } from './palette.ts';

const LABEL = { color: PALETTE.muted, fontSize: 12 } as const;

/** One place for each tier, in order; the labels are the numbers of connections. */
export function tierAxis(connections: readonly number[]) {
  return categoryAxis('connections', connections.map(formatCount));
}

/** One place for each label, in order. */
export function categoryAxis(name: string, labels: readonly string[]) {
  return {
    type: 'category',
    data: [...labels],
    ...xName(name),
    axisLine: { lineStyle: { color: PALETTE.muted } },
    axisTick: { show: false },
    axisLabel: LABEL,
  } as const;
}

interface AxisLook {
  readonly type?: 'value' | 'log';
  readonly formatter?: (value: number) => string;
  readonly min?: number;
  readonly max?: number;
}

/** A numeric axis along the bottom. */
export function xAxis(name: string, look: AxisLook = {}) {
  return {
    type: look.type ?? 'value',
    ...xName(name),
    ...bounds(look),
    axisLine: { lineStyle: { color: PALETTE.muted } },
    axisTick: { lineStyle: { color: PALETTE.muted } },
    // Connections and seconds are whole numbers.
    minInterval: 1,
    axisLabel: { ...LABEL, hideOverlap: true, formatter: look.formatter ?? formatCount },
    splitLine: { show: false },
  } as const;
}

/** A numeric axis at the side; its name, with the unit, stands above it. */
export function yAxis(name: string, look: AxisLook & { readonly side?: 'right' } = {}) {
  return {
    type: look.type ?? 'value',
    name,
    nameLocation: 'end',
    nameGap: 12,
    nameTextStyle: { ...LABEL, align: look.side === 'right' ? 'right' : 'left' },
    ...bounds(look),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...LABEL, formatter: look.formatter ?? formatCount },
    splitLine: { show: look.side !== 'right', lineStyle: { color: PALETTE.grid } },
    minorTick: { show: false },
    splitNumber: 4,
  } as const;
}

function xName(name: string) {
  return { name, nameLocation: 'middle', nameGap: 28, nameTextStyle: LABEL } as const;
}

function bounds(look: AxisLook) {
  return {
    ...(look.min === undefined ? {} : { min: look.min }),
    ...(look.max === undefined ? {} : { max: look.max }),
  };
}

export type ChartValue = number | null | readonly (number | null)[];

interface LineLook {
  readonly colour: PaletteName;
  readonly dashed?: boolean;
  readonly points?: boolean;
  readonly yAxisIndex?: number;
}

/** A line; gaps stay gaps. */
export function line(name: string, data: readonly ChartValue[], look: LineLook) {
  const colour = PALETTE[look.colour];
  return {
    type: 'line',
    name,
    data: [...data],
    silent: true,
    emphasis: { disabled: true },
    showSymbol: look.points ?? true,
    symbol: 'circle',
    symbolSize: 6,
    yAxisIndex: look.yAxisIndex ?? 0,
    lineStyle: {
      color: colour,
      width: look.dashed === true ? 1.5 : 2.5,
      type: look.dashed === true ? 'dashed' : 'solid',
    },
    itemStyle: { color: colour },
  } as const;
}

/** Points alone. */
export function dots(
  name: string,
  data: readonly ChartValue[],
  look: { readonly colour: PaletteName; readonly hollow?: boolean; readonly size?: number },
) {
  const colour = PALETTE[look.colour];
  return {
    type: 'scatter',
    name,
    data: [...data],
    silent: true,
    emphasis: { disabled: true },
    symbol: 'circle',
    symbolSize: look.size ?? 8,
    itemStyle:
      look.hollow === true
        ? { color: PALETTE.paper, borderColor: colour, borderWidth: 2 }
        : { color: colour },
  } as const;
}

/** A threshold, drawn across the chart with its name. */
export function limitLine(value: number, label: string, colour: PaletteName = 'limit') {
  return { ...dashedLine(label, colour), data: [{ yAxis: value }] } as const;
}

/** A place on a category axis, marked from bottom to top with its name. */
export function placeLine(index: number, label: string, colour: PaletteName = 'accent') {
  return { ...dashedLine(label, colour), data: [{ xAxis: index }] } as const;
}

function dashedLine(label: string, colour: PaletteName) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: PALETTE[colour], type: [5, 4] as number[], width: 1.5 },
    label: {
      formatter: label,
      // Along the line, near its foot where it stands upright: limits and names of axes stand above.
      position: 'insideStartTop',
      color: PALETTE[colour],
      fontSize: 11,
      textBorderWidth: 0,
    },
  } as const;
}

/** Bars beside each other, one for each place of a category axis. */
export function bars(
  name: string,
  data: readonly (number | null)[],
  look: { readonly colour?: PaletteName; readonly yAxisIndex?: number } = {},
) {
  return {
    type: 'bar',
    name,
    data: [...data],
    silent: true,
    emphasis: { disabled: true },
    yAxisIndex: look.yAxisIndex ?? 0,
    barMaxWidth: 44,
    itemStyle: { color: PALETTE[look.colour ?? 'bar'], borderRadius: [3, 3, 0, 0] },
  } as const;
}

export function legend() {
  return {
    show: true,
    top: 0,
    left: 0,
    itemWidth: 18,
    itemHeight: 8,
    itemGap: 20,
    selectedMode: false,
    borderColor: 'transparent',
    textStyle: { color: PALETTE.ink, fontSize: 12 },
  } as const;
}
