/** One chart: uPlot with our axes, the phases of the run behind the lines, and a cursor that all charts share. */

import type uPlotType from 'uplot';
import { axesOf, scalesOf } from './chart-axes.ts';
import { colour } from './palette.ts';
import type { Line, Panel } from './panels.ts';
import { MEASURED_PHASES, type PhaseStretch } from './phases.ts';
import { UPlot } from './uplot.ts';

const HEIGHT_PX = 150;
const LINE_PX = 1.75;
const DASH = [5, 4];

/** Columns as uPlot takes them: seconds, then a column for each line that is drawn. */
export type Columns = readonly (readonly (number | null)[])[];

export interface ChartData {
  readonly columns: Columns;
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly phases: readonly PhaseStretch[];
}

export class Chart {
  readonly #panel: Panel;
  readonly #place: HTMLElement;
  readonly #onCursor: (index: number | null) => void;
  #plot: uPlotType | null = null;
  #data: ChartData = { columns: [[]], fromMs: 0, toMs: 1, phases: [] };

  /**
   * @param place whose width it takes
   * @param onCursor told of the row under the cursor, null when it has left
   */
  constructor(panel: Panel, place: HTMLElement, onCursor: (index: number | null) => void) {
    this.#panel = panel;
    this.#place = place;
    this.#onCursor = onCursor;
    new ResizeObserver(() => this.#fit()).observe(place);
    place.addEventListener('keydown', (event) => this.#moveCursor(event));
    place.addEventListener('blur', () => this.#setCursor(null));
  }

  show(data: ChartData): void {
    this.#data = data;
    if (this.#plot === null) {
      this.#draw();
      return;
    }
    const { cursor } = this.#plot;
    this.#plot.batch(() => {
      this.#plot?.setData(data.columns as unknown as uPlotType.AlignedData, false);
      this.#plot?.setScale('x', { min: data.fromMs / 1000, max: data.toMs / 1000 });
    });
    // The line under a resting cursor moves on: its values must follow.
    if (cursor.idx === null || cursor.idx === undefined) this.#onCursor(null);
  }

  /** Draws anew, in the colours of the style as it is now. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#draw();
  }

  #draw(): void {
    const width = this.#place.clientWidth;
    if (width === 0) return;
    this.#plot = new UPlot(this.#options(width), undefined, this.#place);
    this.show(this.#data);
  }

  #fit(): void {
    const width = this.#place.clientWidth;
    if (this.#plot === null) this.#draw();
    else if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT_PX });
  }

  #options(width: number): uPlotType.Options {
    return {
      width,
      height: HEIGHT_PX,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'live' }, points: { size: 7 } },
      axes: axesOf(this.#panel),
      scales: scalesOf(this.#panel),
      series: [{}, ...drawnLines(this.#panel).map(seriesOf)],
      hooks: {
        drawClear: [(plot) => this.#drawPhases(plot)],
        setCursor: [({ cursor }) => this.#onCursor(cursor.idx ?? null)],
      },
    };
  }

  #drawPhases({ ctx, bbox, valToPos }: uPlotType): void {
    const x = (ms: number) =>
      Math.min(bbox.left + bbox.width, Math.max(bbox.left, valToPos(ms / 1000, 'x', true)));
    ctx.save();
    for (const { phase, fromMs, toMs } of this.#data.phases) {
      if (!MEASURED_PHASES.includes(phase)) continue;
      ctx.fillStyle = colour('phase');
      ctx.fillRect(x(fromMs), bbox.top, x(toMs) - x(fromMs), bbox.height);
    }
    ctx.restore();
  }

  #moveCursor(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') this.#setCursor(null);
    if (step === undefined || this.#plot === null) return;
    event.preventDefault();
    const { idx } = this.#plot.cursor;
    const last = (this.#data.columns[0]?.length ?? 0) - 1;
    this.#setCursor(Math.min(last, Math.max(0, (idx ?? last + 1) + step)));
  }

  #setCursor(index: number | null): void {
    const seconds = index === null ? null : this.#data.columns[0]?.[index];
    const left = typeof seconds === 'number' ? (this.#plot?.valToPos(seconds, 'x') ?? -1) : -1;
    this.#plot?.setCursor({ left, top: left < 0 ? -1 : 1 });
  }
}

/** Lines of the chart's own unit; the others stand among the values only. */
export function drawnLines({ lines }: Panel): readonly Line[] {
  return lines.filter(({ unit }) => unit === undefined);
}

function seriesOf({ name, colour: of, dashed }: Line): uPlotType.Series {
  return {
    label: name,
    stroke: () => colour(of),
    width: LINE_PX,
    points: { show: (_, __, from, to) => to - from < 2, size: 5 },
    ...(dashed ? { dash: DASH } : {}),
  };
}
