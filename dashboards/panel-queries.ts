/** What a board asks Prometheus, with Grafana's variables filled in: for tests that carry it out. */

import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

export interface PanelQuery {
  /** The board's uid. */
  readonly board: string;
  readonly panelId: number;
  /** The panel's title. */
  readonly title: string;
  readonly refId: string;
  readonly expr: string;
}

/** What the variables stand for. What is left out is what Grafana's "All" means. */
export interface Choices {
  readonly instance?: string;
  readonly run?: string;
  readonly testid?: string;
  /** For `$__rate_interval`; four scrapes of 1 s unless given. */
  readonly rateInterval?: string;
  /** For `$__range`, the time range that is shown. */
  readonly range?: string;
}

/**
 * Every query of every panel, in the order of the board.
 *
 * @param dashboard a board as JSON: parsed, of dashboards/json/
 */
export function panelQueries(dashboard: Dashboard, choices: Choices = {}): PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) =>
    targetsOf(panel).map(({ refId, expr }) => ({
      board: dashboard.uid ?? '',
      panelId: panel.id ?? 0,
      title: panel.title ?? '',
      refId,
      expr: fillIn(expr, choices),
    })),
  );
}

/** The panels that show something: rows are left out, what is folded into them is not. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

/** A panel's queries as they stand in the JSON. */
export function targetsOf(panel: Panel): { readonly refId: string; readonly expr: string }[] {
  return (panel.targets ?? []).map((target) => {
    const { refId = '', expr = '' } = target as unknown as { refId?: string; expr?: string };
    return { refId, expr };
  });
}

/** An expression as Grafana sends it: what is chosen is escaped as a regular expression. */
export function fillIn(expr: string, choices: Choices): string {
  const values: Readonly<Record<string, string>> = {
    $__rate_interval: choices.rateInterval ?? '4s',
    $__range: choices.range ?? '15m',
    $instance: asRegularExpression(choices.instance),
    $run: asRegularExpression(choices.run),
    $testid: asRegularExpression(choices.testid),
  };
  return expr.replace(/\$[a-z_]+/g, (variable) => values[variable] ?? variable);
}

function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

/** Escaped once for the regular expression and once for the string it stands in. */
function asRegularExpression(value: string | undefined): string {
  return value === undefined ? '.*' : value.replace(/[\\^$*+?.()|[\]{}"]/g, '\\\\$&');
}
