/** The page of `/live`: takes what the server sends and shows what is chosen. */

import type { LiveMoment } from '../live-contract.ts';
import { byId, element } from './element.ts';
import { listen } from './feed.ts';
import { showProblems, showRun, showTiles } from './header.ts';
import { findLoad, History } from './history.ts';
import { type Choice, defaultOption, type Option, optionsOf } from './instances.ts';
import { onSchemeChange } from './palette.ts';
import { PanelView, type Shown } from './panel.ts';
import { GROUPS, PANELS } from './panels.ts';
import { phaseStretches } from './phases.ts';

/** So long is what charts show at first; they grow to the span that is chosen. */
const LEAST_SPAN_MS = 30_000;

const history = new History();
const views = PANELS.map((panel) => new PanelView(panel));
const select = byId('instance') as HTMLSelectElement;
/** What the reader chose; null follows the newest run. */
let chosen: string | null = null;
let isDue = false;

/** What is chosen stays chosen when it has ended, and so does what is followed: its history is still there. */
function currentChoice(): Choice | null {
  const value = chosen ?? defaultOption(history.moments);
  if (value === undefined) return null;
  const find = (moment: LiveMoment) => optionsOf(moment).find((option) => option.value === value);
  const seen = history.moments.findLast((moment) => find(moment) !== undefined);
  const option = seen === undefined ? undefined : find(seen);
  if (option === undefined) return null;
  showOptions(option);
  return option.choice;
}

/** Rebuilt only when something changed, so that an open list stays open. */
function showOptions({ value, text }: Option): void {
  const { latest } = history;
  const options = latest === undefined ? [] : optionsOf(latest).map((one) => [one.value, one.text] as const);
  if (!options.some(([one]) => one === value)) options.push([value, `${text}, ended`]);
  const wanted = JSON.stringify(options);
  if (select.dataset['options'] !== wanted) {
    select.dataset['options'] = wanted;
    select.replaceChildren(...options.map(([one, name]) => element('option', { value: one }, name)));
  }
  if (select.value !== value) select.value = value;
}

function spanMs(): number {
  const checked = document.querySelector<HTMLInputElement>('input[name="span"]:checked');
  return Number(checked?.value ?? 120) * 1000;
}

function show(): void {
  isDue = false;
  const moment = history.latest;
  const choice = currentChoice();
  if (moment === undefined || choice === null) return;
  const toMs = moment.atMs;
  const watchedMs = toMs - (history.moments[0]?.atMs ?? toMs);
  const fromMs = toMs - Math.min(spanMs(), Math.max(LEAST_SPAN_MS, watchedMs));
  const rows = history.rows(choice, fromMs);
  const shown: Shown = { rows, fromMs, toMs, phases: phaseStretches(rows) };
  const lastSeen = history.moments.findLast((past) => findLoad(past, choice) !== undefined);
  showRun(lastSeen === undefined ? undefined : findLoad(lastSeen, choice), lastSeen === moment, shown);
  showTiles(rows.at(-1));
  showProblems(moment, history.moments.at(-2), choice);
  for (const view of views) view.show(shown);
}

/** Once for all messages of a turn: the history comes in one piece. */
function showSoon(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(show, 0);
}

for (const group of GROUPS) {
  const row = element('div', { class: `row ${group}` });
  row.append(...views.filter((view) => view.group === group).map(({ root }) => root));
  byId('panels').append(row);
}
showTiles(undefined);
select.addEventListener('change', () => {
  chosen = select.value;
  showSoon();
});
byId('span').addEventListener('change', showSoon);
onSchemeChange(() => {
  for (const view of views) view.redraw();
});
listen({
  onMoment(moment) {
    history.add(moment);
    showSoon();
  },
  onState(state, text) {
    document.body.dataset['state'] = state;
    const status = byId('status');
    status.dataset['state'] = state;
    if (status.textContent !== text) status.textContent = text;
  },
});
