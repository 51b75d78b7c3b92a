/** Whether boards ask only for what is exported. */

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { fillIn } from '../panel-queries.ts';
import { boardExpressions } from './board-expressions.ts';
import { type KnownSeries, knownSeries } from './known-series.ts';
import { readPromQl } from './read-promql.ts';

/** Sentences that name the board and the panel; none when every name and label is known. */
export function findUnknownNames(
  boards: readonly Dashboard[],
  known: ReadonlyMap<string, KnownSeries> = knownSeries(),
): string[] {
  return boards.flatMap((board) =>
    boardExpressions(board).flatMap(({ where, from, expr }) => {
      const { series, groupings } = readPromQl(fillIn(expr, {}));
      const unknown = series
        .filter(({ name }) => !known.has(name))
        .map(({ name }) => `${where} asks for ${name}, which no catalogue has`);
      const strange = groupings.flatMap(({ labels, names }) => {
        const available = names.flatMap((name) => known.get(name)?.labels ?? []);
        return labels
          .filter((label) => !available.includes(label))
          .map((label) => `${where} groups by ${label}, which ${names.join(' and ')} has not`);
      });
      // A variable asks for servers whose label `run` is absent (board.ts).
      const misplaced = series.flatMap(({ name, matchedLabels }) =>
        from === 'variable'
          ? []
          : matchedLabels
              .filter((label) => known.get(name)?.labels.includes(label) === false)
              .map((label) => `${where} matches ${label} on ${name}, which has no such label`),
      );
      return [...unknown, ...(unknown.length > 0 ? [] : [...strange, ...misplaced])];
    }),
  );
}

/** Metrics of the catalogues that panels show. */
export function shownMetrics(boards: readonly Dashboard[]): ReadonlySet<string> {
  const known = knownSeries();
  const shown = new Set<string>();
  for (const board of boards) {
    for (const { from, expr } of boardExpressions(board)) {
      if (from !== 'panel') continue;
      for (const { name } of readPromQl(fillIn(expr, {})).series) {
        const metric = known.get(name)?.metric;
        if (metric !== undefined) shown.add(metric);
      }
    }
  }
  return shown;
}
