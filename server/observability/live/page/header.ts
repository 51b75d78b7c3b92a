/** What stands above the charts: the run, its phases, the figures of now, and what is wrong. */

import type { LiveLoad, LiveMoment } from '../live-contract.ts';
import { byId, element } from './element.ts';
import { formatDuration, formatParts, type Unit } from './format.ts';
import { findServer, type Pick, type Row } from './history.ts';
import type { Choice } from './instances.ts';
import type { Shown } from './panel.ts';
import { MEASURED_PHASES } from './phases.ts';

/** A phase narrower than this has no room for its name. */
const NARROW_RATIO = 0.05;

interface Tile {
  readonly name: string;
  readonly unit: Unit;
  readonly pick: Pick;
  readonly isBad?: (value: number) => boolean;
}

const TILES: readonly Tile[] = [
  { name: 'connections', unit: 'count', pick: ({ server, load }) => server.connections ?? load.connected },
  {
    name: 'deliveries',
    unit: 'perSecond',
    pick: ({ server, load }) => server.deliveriesPerSecond ?? load.receivedPerSecond,
  },
  { name: 'delivery p99', unit: 'ms', pick: ({ load }) => load.latencyP99Ms },
  { name: 'loop delay p99', unit: 'ms', pick: ({ server }) => server.loopDelayP99Ms },
  { name: 'CPU of a core', unit: 'percent', pick: ({ server }) => server.cpuRatio },
  { name: 'rss', unit: 'bytes', pick: ({ server }) => server.rssBytes },
  { name: 'slow consumers', unit: 'count', pick: ({ server }) => server.slowConsumers },
  { name: 'lost or amiss', unit: 'count', pick: ({ load }) => load.amiss, isBad: (value) => value > 0 },
];

/** Figures of the last row, in large print. */
export function showTiles(row: Row | undefined): void {
  byId('tiles').replaceChildren(
    ...TILES.map(({ name, unit, pick, isBad }) => {
      const value = row === undefined ? undefined : pick(row);
      const [figure, unitText] = formatParts(value, unit);
      const tile = element('div', { 'data-bad': String(value !== undefined && isBad?.(value) === true) });
      const shown = element('dd', {}, figure);
      shown.append(element('small', {}, unitText));
      tile.append(element('dt', {}, name), shown);
      return tile;
    }),
  );
}

/**
 * The run that drives what is shown, or the last one that did while its phases are still in sight.
 *
 * @param load the load side as it was seen last
 * @param isOn whether it is there now
 */
export function showRun(load: LiveLoad | undefined, isOn: boolean, shown: Shown): void {
  const run = load?.run;
  byId('run').hidden = run === undefined || (!isOn && shown.phases.length === 0);
  if (run === undefined) return;
  const remaining = load?.figures.remainingSeconds;
  const facts: (readonly [string, string])[] = [
    ['Run', run.name],
    ['Scenario', run.scenario],
    ['Phase', isOn ? (run.phase ?? '–') : 'ended'],
    ['Verdict', run.verdict ?? (isOn ? 'not yet' : 'not seen')],
    ['Left', remaining === undefined || !isOn ? '–' : formatDuration(remaining)],
  ];
  byId('run-facts').replaceChildren(...facts.map(([name, text]) => fact(name, text)));
  showPhases(shown);
}

function fact(name: string, text: string): HTMLElement {
  const pair = element('div');
  const value = element('dd', name === 'Verdict' ? { 'data-verdict': text } : {}, text);
  pair.append(element('dt', {}, name), value);
  return pair;
}

function showPhases({ phases, fromMs, toMs }: Omit<Shown, 'rows'>): void {
  const ratio = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  const strip = byId('phases');
  strip.replaceChildren(
    ...phases.map(({ phase, fromMs: startMs, toMs: endMs }) => {
      const width = ratio(endMs) - ratio(startMs);
      const kind = `${MEASURED_PHASES.includes(phase) ? 'measure' : ''} ${width < NARROW_RATIO ? 'narrow' : ''}`;
      const stretch = element('span', { class: kind.trim(), title: phase }, phase);
      stretch.style.left = `${ratio(startMs) * 100}%`;
      stretch.style.width = `${width * 100}%`;
      return stretch;
    }),
  );
  strip.setAttribute('aria-label', `Phases of the run: ${phases.map(({ phase }) => phase).join(', ')}`);
}

/**
 * Broken targets and files, and what the chosen server says of itself. A target that misses one second is a gap in its
 * charts and no more; one that fails twice running is named.
 */
export function showProblems(moment: LiveMoment, before: LiveMoment | undefined, choice: Choice): void {
  const server = findServer(moment, choice);
  const failedBefore = new Set(
    before?.sources.flatMap(({ address, problem }) => (problem === undefined ? [] : [address])),
  );
  const problems = [
    ...moment.sources.flatMap(({ address, problem }) =>
      problem === undefined || !failedBefore.has(address) ? [] : [`${address}: ${problem}`],
    ),
    ...moment.problems,
    ...(server?.figures.draining === 1 ? [`${server.address} is draining`] : []),
    ...(server?.figures.faults ? [`${server.address} runs with faults on: it misbehaves on purpose`] : []),
  ];
  const list = byId('problems');
  list.hidden = problems.length === 0;
  list.replaceChildren(...problems.map((problem) => element('li', {}, problem)));
}
