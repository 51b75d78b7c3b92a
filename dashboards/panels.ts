/** The kinds of panels the boards are made of; each takes what differs and sets the rest alike. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, GOOD, NEUTRAL, SERIES_COLOURS } from './colours.ts';

/** The data source that the variable `datasource` names. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** Builds a new panel each time it is called: the SDK's builders keep what they built. */
export type PanelMaker = () => Builder<Panel>;

export interface Query {
  readonly expr: string;
  /** Grafana's template, such as `{{code}}`; it also decides the colour (colours.ts). */
  readonly legend: string;
}

export interface Limit {
  /** In the panel's unit. */
  readonly at: number;
  readonly colour: string;
}

export interface PanelSpec {
  readonly title: string;
  /** What the panel shows, in a sentence or two. */
  readonly shows: string;
  /** What is bad, and what to do then. */
  readonly act: string;
  /** One of the SDK's units, or `suffix:…`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Known limits, lowest first. */
  readonly limits?: readonly Limit[];
  readonly decimals?: number;
  /** Of 24 columns. */
  readonly width?: number;
  /** In grid rows of 30 px. */
  readonly height?: number;
  readonly mappings?: readonly ValueMapping[];
  /** Colour below the first limit; green unless said. */
  readonly base?: string;
}

export interface LinesSpec extends PanelSpec {
  /** Areas on top of each other, where the sum means something. */
  readonly stacked?: boolean;
  /** Draws the points, where values come one at a time. */
  readonly points?: boolean;
  /** Upper end of the axis. */
  readonly max?: number;
}

export interface StatSpec extends PanelSpec {
  /** What stands there without data. */
  readonly none?: string;
  /** Shows the name of the series there is now, not its value. */
  readonly showsName?: boolean;
}

/** One query. @param legend Grafana's template, such as `{{instance}}` */
export function query(expr: string, legend: string): Query {
  return { expr, legend };
}

/** A limit that is bad to pass. */
export function bad(at: number): Limit {
  return { at, colour: BAD };
}

/** Lines over time. */
export function lines(spec: LinesSpec): PanelMaker {
  return () => {
    const limited = spec.limits !== undefined;
    const builder = dress(new LinesBuilder(), spec, 'range')
      .min(0)
      .lineWidth(1)
      .fillOpacity(spec.stacked ? 30 : 8)
      .showPoints(spec.points ? VisibilityMode.Always : VisibilityMode.Never)
      .pointSize(4)
      .spanNulls(false)
      .stacking(new StackingConfigBuilder().mode(spec.stacked ? StackingMode.Normal : StackingMode.None))
      .thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(
          limited ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
        ),
      )
      .legend(legend())
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName));
    if (spec.max !== undefined) builder.max(spec.max);
    for (const { legend: name } of spec.queries) {
      const fixedColor = SERIES_COLOURS[name];
      if (fixedColor !== undefined) {
        builder.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
      }
    }
    return builder;
  };
}

/** One figure: the last value in the time range, over its line. With limits its colour tells which it passed. */
export function stat(spec: StatSpec): PanelMaker {
  const named = spec.showsName === true;
  return () =>
    dress(new StatBuilder(), { width: 5, height: 3, ...spec }, named ? 'instant' : 'range')
      .noValue(spec.none ?? '–')
      .graphMode(named ? BigValueGraphMode.None : BigValueGraphMode.Area)
      .colorMode(BigValueColorMode.Value)
      .textMode(named ? BigValueTextMode.Name : BigValueTextMode.Value)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
      .colorScheme(
        spec.limits === undefined && spec.mappings === undefined
          ? new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(NEUTRAL)
          : new FieldColorBuilder().mode(FieldColorModeId.Thresholds),
      );
}

/** Counts by bucket over time. The query sums a histogram's buckets by `le`. */
export function heatmap(
  spec: Omit<PanelSpec, 'queries' | 'limits'> & { readonly buckets: string },
): PanelMaker {
  return () =>
    dress(new HeatmapBuilder(), { ...spec, queries: [query(spec.buckets, '{{le}}')] }, 'heatmap')
      .calculate(false)
      .yAxis(new YAxisConfigBuilder().unit(spec.unit))
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Inferno')
          .scale(HeatmapColorScale.Exponential)
          .exponent(0.5)
          .steps(64),
      )
      .cellGap(0)
      .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true));
}

/** Which states held when: a line of time for each series. */
export function states(spec: PanelSpec): PanelMaker {
  return () =>
    dress(new StatesBuilder(), spec, 'range')
      .showValue(VisibilityMode.Never)
      .mergeValues(true)
      .rowHeight(0.8)
      .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.Hidden).showLegend(false))
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

/** A table of labels: one row for each series at the end of the time range. @param columns label → heading, in order */
export function labelTable(
  spec: PanelSpec & { readonly columns: Readonly<Record<string, string>> },
): PanelMaker {
  return () => {
    const names = Object.keys(spec.columns);
    return dress(new TableBuilder(), spec, 'table')
      .withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
      .withTransformation({
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
          renameByName: spec.columns,
        },
      });
  };
}

/** What every panel builder of the SDK can do. */
interface Dressable {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type: string; uid: string }): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  maxDataPoints(count: number): this;
  span(width: number): this;
  height(height: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  withTarget(target: DataqueryBuilder): this;
}

/** About as many as a panel of 8 columns has pixels to show: 2 s apart in 15 minutes, 10 s in an hour. Wider screens cost no more. */
const MAX_POINTS = 400;
/** Each has all buckets. */
const HEATMAP_POINTS = 300;

/** How a panel wants its data. */
const READINGS = {
  range: (target: DataqueryBuilder) => target.range(),
  instant: (target: DataqueryBuilder) => target.instant(),
  heatmap: (target: DataqueryBuilder) => target.range().format(PromQueryFormat.Heatmap),
  table: (target: DataqueryBuilder) => target.instant().format(PromQueryFormat.Table),
} as const;

function dress<B extends Dressable>(builder: B, spec: PanelSpec, reading: keyof typeof READINGS): B {
  builder
    .title(spec.title)
    .description(`${spec.shows}\n\n${spec.act}`)
    .datasource(DATASOURCE)
    .unit(spec.unit)
    .maxDataPoints(reading === 'heatmap' ? HEATMAP_POINTS : MAX_POINTS)
    .span(spec.width ?? 8)
    .height(spec.height ?? 7)
    .thresholds(steps(spec));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.mappings !== undefined) builder.mappings([...spec.mappings]);
  spec.queries.forEach(({ expr, legend: template }, index) => {
    const target = new DataqueryBuilder()
      .datasource(DATASOURCE)
      .expr(expr)
      .legendFormat(template)
      .refId(refIdOf(index));
    builder.withTarget(READINGS[reading](target));
  });
  return builder;
}

function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function steps({ limits = [], base = GOOD }: PanelSpec): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...limits.map(({ at, colour }) => ({ value: at, color: colour }))]);
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['lastNotNull']);
}
