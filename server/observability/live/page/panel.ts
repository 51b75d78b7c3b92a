/** A chart with its title, its values as text, and what it says while it is empty. */

import { Chart, drawnLines } from './chart.ts';
import { clockTime } from './chart-axes.ts';
import { element } from './element.ts';
import { format } from './format.ts';
import type { Row } from './history.ts';
import type { Panel } from './panels.ts';
import type { PhaseStretch } from './phases.ts';

export interface Shown {
  readonly rows: readonly Row[];
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly phases: readonly PhaseStretch[];
}

export class PanelView {
  readonly root = element('figure');
  readonly group: Panel['group'];
  readonly #panel: Panel;
  readonly #chart: Chart;
  /** For each line of the panel. */
  readonly #values: readonly { readonly item: HTMLElement; readonly value: HTMLElement }[];
  readonly #when = element('span');
  readonly #empty = element('div', { class: 'empty' });
  #rows: readonly Row[] = [];

  constructor(panel: Panel) {
    this.#panel = panel;
    this.group = panel.group;
    this.#when.textContent = panel.unitText;
    const place = element('div', {
      class: 'chart',
      role: 'img',
      tabindex: '0',
      'aria-label': `Chart of ${panel.title}, ${panel.unitText}; its values stand above as text`,
    });
    this.#empty.textContent = panel.empty;
    place.append(this.#empty);
    const caption = element('figcaption');
    caption.append(element('b', {}, panel.title), this.#when);
    const list = element('ul', { class: 'values', 'aria-label': `${panel.title}, values` });
    this.#values = panel.lines.map(({ name, colour, dashed, unit }) => {
      const kind = unit === undefined ? `${colour}${dashed ? ' dashed' : ''}` : 'none';
      const value = element('b');
      const item = element('li');
      item.append(element('i', { class: `key ${kind}` }), `${name} `, value);
      list.append(item);
      return { item, value };
    });
    this.root.id = `panel-${panel.id}`;
    this.root.append(caption, list, place);
    this.#chart = new Chart(panel, place, (index) => this.#writeValues(index));
  }

  show({ rows, fromMs, toMs, phases }: Shown): void {
    this.#rows = rows;
    const { applies } = this.#panel;
    this.root.hidden = applies !== undefined && !applies(rows);
    if (this.root.hidden) return;
    for (const [line, { pick }] of this.#panel.lines.entries()) {
      const item = this.#values[line]?.item;
      // The first line is what the chart is about; others go where there never was a figure.
      if (item !== undefined) item.hidden = line > 0 && rows.every((row) => pick(row) === undefined);
    }
    const columns = drawnLines(this.#panel).map(({ pick }) => rows.map((row) => this.#drawn(pick(row))));
    this.#empty.hidden = columns.some((column) => column.some((value) => value !== null));
    this.#chart.show({ columns: [rows.map(({ atMs }) => atMs / 1000), ...columns], fromMs, toMs, phases });
  }

  redraw(): void {
    this.#chart.redraw();
  }

  /** A logarithm has no zero. */
  #drawn(value: number | undefined): number | null {
    return value === undefined || (this.#panel.log && value <= 0) ? null : value;
  }

  #writeValues(index: number | null): void {
    const row = index === null ? this.#rows.at(-1) : this.#rows[index];
    this.#when.textContent =
      index === null || row === undefined ? this.#panel.unitText : `at ${clockTime(row.atMs)}`;
    for (const [line, { pick, unit }] of this.#panel.lines.entries()) {
      const text = format(row === undefined ? undefined : pick(row), unit ?? this.#panel.unit);
      const value = this.#values[line]?.value;
      if (value !== undefined && value.textContent !== text) value.textContent = text;
    }
  }
}
