/** Draws one chart with ECharts on the server: an SVG string, the same bytes for the same data. */

import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { PALETTE, withVariables } from './palette.ts';

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/** A chart as reports embed it. */
export interface Chart {
  /** File name without its ending, and prefix of the ids inside. */
  readonly name: string;
  readonly title: string;
  /** What the chart shows, for those who do not see it. */
  readonly alt: string;
  /** For a file of its own: fixed colours on white. */
  readonly svg: string;
  /** For the page: colours are CSS variables, no size of its own. */
  readonly inlineSvg: string;
  /** The same for narrow screens, drawn anew so that its text stays readable. */
  readonly narrowSvg: string;
}

export interface ChartDrawing {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly option: EChartsCoreOption;
}

const WIDE = { width: 540, height: 320 } as const;
const NARROW = { width: 380, height: 300 } as const;

/** Draws a chart at both sizes. */
export function drawChart(drawing: ChartDrawing): Chart {
  const { name, title, alt } = drawing;
  const wide = render(drawing, WIDE, `${name}-`);
  const narrow = render(drawing, NARROW, `${name}-narrow-`);
  return {
    name,
    title,
    alt,
    svg: asFile(wide, drawing),
    inlineSvg: inline(wide, alt),
    narrowSvg: inline(narrow, alt),
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function render({ option }: ChartDrawing, size: Size, idPrefix: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: PALETTE.ink },
      // Labels and axis names stay inside the picture; the top is left to the legend and the names of side axes.
      grid: {
        left: 0,
        right: 0,
        top: 58,
        bottom: 0,
        outerBounds: { left: 6, right: 14, top: 30, bottom: 6 },
      },
      ...option,
    });
    return normalise(chart.renderToSVGString(), idPrefix);
  } finally {
    chart.dispose();
  }
}

/** ECharts counts its charts into ids and classes: named after the chart instead, output is stable and unique. */
function normalise(svg: string, idPrefix: string): string {
  return (
    svg
      .replace(/<style\s*>[\s\S]*?<\/style>\n?/g, '')
      .replace(/ class="[^"]*"/g, '')
      .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
      .replace(/ pointer-events="[^"]*"/g, '')
      .replace(/zr\d+-/g, idPrefix)
      .replace(/ xmlns:xlink="[^"]*"/g, '')
      .replace(/ baseProfile="full"/g, '')
      .replace(/<rect width="\d+" height="\d+" x="0" y="0" fill="none"><\/rect>\n?/, '')
      // Two decimals of a pixel: floating-point noise must not change the bytes.
      .replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))))
  );
}

function asFile(svg: string, { title, alt }: ChartDrawing): string {
  const head = `<title>${escapeXml(title)}</title>\n<desc>${escapeXml(alt)}</desc>\n<rect width="100%" height="100%" rx="6" fill="${PALETTE.paper}"/>`;
  return `${svg.replace(/^(<svg[^>]*>)/, `$1\n${head}`)}\n`;
}

function inline(svg: string, alt: string): string {
  const opened = svg.replace(
    /^<svg width="\d+" height="\d+" xmlns="[^"]*" version="1.1"/,
    `<svg role="img" aria-label="${escapeXml(alt)}"`,
  );
  return withVariables(opened);
}

/** Text as XML content or attribute. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
