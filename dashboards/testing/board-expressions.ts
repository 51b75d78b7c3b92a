/** Everything in a board that Prometheus is asked: panels, annotations, variables. */

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { panelsOf, targetsOf } from '../panel-queries.ts';

export interface BoardExpression {
  /** Names the board and the place in it, for messages. */
  readonly where: string;
  readonly from: 'panel' | 'annotation' | 'variable';
  /** With Grafana's variables as they stand. */
  readonly expr: string;
}

export function boardExpressions(board: Dashboard): BoardExpression[] {
  const uid = board.uid ?? '';
  const panels = panelsOf(board).flatMap((panel) =>
    targetsOf(panel).map(({ refId, expr }) => ({
      where: `${uid} #${panel.id} "${panel.title}" ${refId}`,
      from: 'panel' as const,
      expr,
    })),
  );
  const annotations = (board.annotations.list ?? []).map(({ name, expr = '' }) => ({
    where: `${uid} annotation "${name}"`,
    from: 'annotation' as const,
    expr,
  }));
  const variables = (board.templating.list ?? []).flatMap(({ name, query }) => {
    const expr = expressionOf(typeof query === 'object' ? String(query['query']) : '');
    return expr === undefined
      ? []
      : [{ where: `${uid} variable "${name}"`, from: 'variable' as const, expr }];
  });
  return [...panels, ...annotations, ...variables];
}

/** What a variable's query asks: `label_values(a, b)` is read as the vector `a` grouped by `b`. */
function expressionOf(query: string): string | undefined {
  const result = /^query_result\((.*)\)$/s.exec(query)?.[1];
  if (result !== undefined) return result;
  const values = /^label_values\((.*), *(\w+)\)$/s.exec(query);
  return values === null ? undefined : `group by (${values[2]}) (${values[1]})`;
}
