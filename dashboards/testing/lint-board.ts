/**
 * The rules of grafana/dashboard-linter that apply, and a few of our own, as sentences that name the board and the panel.
 *
 * Left out, with the reason: template-job and target-job (boards must work in anybody's Prometheus, whatever its jobs are called),
 * rules of Loki and of queries in other languages. target-counter-agg is applied to histograms too.
 */

import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as unitModule from '@grafana/grafana-foundation-sdk/units';
import { fillIn, panelsOf, targetsOf } from '../panel-queries.ts';
import { DATASOURCE } from '../panels.ts';
import { boardExpressions } from './board-expressions.ts';
import { knownSeries } from './known-series.ts';
import { readPromQl, type SeriesUse } from './read-promql.ts';

const UNITS = new Set<unknown>(Object.values(unitModule));
/** What Grafana's intervals are filled in with, so that they can be told from fixed ones. */
const INTERVALS = { rateInterval: '4242s', range: '4243s' } as const;
const RATES = ['rate', 'irate', 'increase'];
const known = knownSeries();

/**
 * Counters that are shown as they stand, because the figure must be exact and counts from the start of what is looked at:
 * those of a run or a test of k6, whose process lives for that run, and those of a drain, which ends its process.
 */
const EXACT_COUNTERS = /^((k6_)?touchline_profile_\w+|touchline_drain_(closed|cut))_total$/;

/** @param boards all of them: links must lead somewhere */
export function lintBoard(board: Dashboard, boards: readonly Dashboard[]): string[] {
  const uid = board.uid ?? '';
  return [
    ...lintFrame(board, boards),
    ...lintVariables(board),
    ...findDuplicates(board),
    ...findOverlaps(board),
    ...panelsOf(board).flatMap((panel) =>
      lintPanel(panel).map((problem) => `${uid} #${panel.id} "${panel.title}" ${problem}`),
    ),
    ...boardExpressions(board).flatMap(({ where, expr }) =>
      lintExpression(expr).map((problem) => `${where} ${problem}`),
    ),
  ];
}

function lintFrame(board: Dashboard, boards: readonly Dashboard[]): string[] {
  const uid = board.uid ?? '';
  const tags = boards.flatMap(({ tags = [] }) => tags);
  const rules: readonly (readonly [boolean, string])[] = [
    [/^touchline-[a-z0-9-]{1,30}$/.test(uid), 'has no fixed uid of at most 40 characters'],
    [board.schemaVersion === 42, 'is not of schema 42'],
    [board.editable === false, 'can be edited, though it is provisioned'],
    [(board.id ?? null) === null && board.version === undefined, 'has an id or a version of its own'],
    [board.graphTooltip === 1, 'has no shared crosshair'],
    [!('__inputs' in board), 'has __inputs, which provisioning does not fill in'],
    [(board.description ?? '').length > 20, 'has no description'],
    [boards.filter((other) => other.uid === uid).length === 1, 'shares its uid'],
    [boards.filter((other) => other.title === board.title).length === 1, 'shares its title'],
    [(board.links ?? []).length > 0, 'has no link to the other boards'],
  ];
  const links = (board.links ?? []).flatMap((link) => [
    ...link.tags.filter((tag) => !tags.includes(tag)).map((tag) => `links to boards tagged ${tag}: none is`),
    ...(link.keepTime && link.includeVars
      ? []
      : [`loses the time or the choices in its link "${link.title}"`]),
  ]);
  return [...rules.filter(([holds]) => !holds).map(([, problem]) => problem), ...links].map(
    (problem) => `${uid} ${problem}`,
  );
}

function lintVariables(board: Dashboard): string[] {
  const variables = board.templating.list ?? [];
  const sources = variables.filter(({ type }) => type === 'datasource');
  const problems = variables.flatMap(({ name, type, refresh, datasource }) => [
    ...(type === 'query' && refresh !== 2
      ? [`variable "${name}" is not read again when the time changes`]
      : []),
    ...(type === 'query' && datasource?.uid !== DATASOURCE.uid
      ? [`variable "${name}" has a fixed data source`]
      : []),
  ]);
  const [source] = sources;
  if (sources.length !== 1 || source?.name !== 'datasource' || source.label !== 'Data source') {
    problems.push('has not exactly one variable datasource, labelled "Data source"');
  }
  const names = new Set(variables.map(({ name }) => name));
  for (const { where, expr } of boardExpressions(board)) {
    for (const [, name = ''] of expr.matchAll(/\$([a-z]\w*)/g)) {
      if (!names.has(name)) problems.push(`${where} uses $${name}, which is no variable of the board`);
    }
  }
  for (const { name, datasource } of board.annotations.list ?? []) {
    if (datasource?.uid !== DATASOURCE.uid) problems.push(`annotation "${name}" has a fixed data source`);
  }
  return problems.map((problem) =>
    problem.startsWith(board.uid ?? '') ? problem : `${board.uid} ${problem}`,
  );
}

function lintPanel(panel: Panel): string[] {
  const { unit, thresholds } = panel.fieldConfig?.defaults ?? {};
  const targets = panel.targets ?? [];
  const refIds = targetsOf(panel).map(({ refId }) => refId);
  const rules: readonly (readonly [boolean, string])[] = [
    [(panel.title ?? '').length > 0, 'has no title'],
    [/^.{10,}\n\n.{10,}$/s.test(panel.description ?? ''), 'does not describe what it shows and what to do'],
    [unit !== undefined && (UNITS.has(unit) || unit.startsWith('suffix:')), `has no valid unit: ${unit}`],
    [targets.length > 0, 'has no query'],
    [targetsOf(panel).every(({ expr }) => expr.trim() !== ''), 'has an empty query'],
    [
      refIds.every((id) => /^[A-Z]$/.test(id)) && new Set(refIds).size === refIds.length,
      'has a query without a refId of its own',
    ],
    [Number.isInteger(panel.id) && (panel.id ?? 0) > 0, 'has no id'],
    [
      [panel, ...targets].every((one) => (one as Panel).datasource?.uid === DATASOURCE.uid),
      'does not use the data source that is chosen',
    ],
    [
      ascends((thresholds?.steps ?? []).map(({ value }) => value ?? -Infinity)),
      'has thresholds out of order',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function lintExpression(expr: string): string[] {
  const { errors, series } = readPromQl(fillIn(expr, INTERVALS));
  return [...errors.map((error) => `is not PromQL ${error}`), ...series.flatMap(lintSeries)];
}

function lintSeries({ name, inside, range }: SeriesUse): string[] {
  const counts = name.endsWith('_total') || known.get(name)?.type === 'histogram';
  const isRate = RATES.includes(inside);
  if (isRate && !counts) return [`takes the rate of ${name}, which is no counter`];
  if (!isRate) {
    const exact = inside === '' && EXACT_COUNTERS.test(name);
    return counts && !exact ? [`shows the counter ${name} outside a rate`] : [];
  }
  // `increase(…[$__range] @ end())` is one total of all that is shown.
  const whole = inside === 'increase' && range === `${INTERVALS.range} @ end()`;
  return whole || range === INTERVALS.rateInterval
    ? []
    : [`takes the ${inside} of ${name} over something else than $__rate_interval`];
}

function findDuplicates(board: Dashboard): string[] {
  const ids = [...(board.panels ?? []), ...panelsOf(board).filter((one) => !board.panels?.includes(one))].map(
    ({ id }) => id,
  );
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `${board.uid} has more than one panel #${id}`);
}

function findOverlaps(board: Dashboard): string[] {
  const places = (board.panels ?? []).map(({ id, gridPos }) => ({
    id,
    ...(gridPos ?? { x: 0, y: 0, w: 0, h: 0 }),
  }));
  return places
    .flatMap((one, index) => [
      ...(one.w > 0 && one.h > 0 && one.x >= 0 && one.x + one.w <= 24
        ? []
        : [`#${one.id} is not on the grid`]),
      ...places
        .slice(index + 1)
        .filter((other) => one.x < other.x + other.w && other.x < one.x + one.w)
        .filter((other) => one.y < other.y + other.h && other.y < one.y + one.h)
        .map((other) => `#${one.id} overlaps #${other.id}`),
    ])
    .map((problem) => `${board.uid} ${problem}`);
}

function ascends(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? -Infinity));
}
