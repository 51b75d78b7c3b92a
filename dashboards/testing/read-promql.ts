/** What a PromQL expression is made of, by its grammar. */

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface PromQl {
  /** Where the grammar does not hold. */
  readonly errors: readonly string[];
  readonly series: readonly SeriesUse[];
  /** Labels that aggregations keep and joins compare, with the series they must come from. */
  readonly groupings: readonly { readonly labels: readonly string[]; readonly names: readonly string[] }[];
}

export interface SeriesUse {
  readonly name: string;
  /** The innermost function it is the argument of, `rate` of `sum(rate(x[5m]))`; '' for none. */
  readonly inside: string;
  /** What it ranges over, `5m` or `5m @ end()`; '' for an instant. */
  readonly range: string;
  readonly matchedLabels: readonly string[];
}

/** @param expr without Grafana's variables where the grammar has no place for them */
export function readPromQl(expr: string): PromQl {
  const errors: string[] = [];
  const series: SeriesUse[] = [];
  const groupings: PromQl['groupings'][number][] = [];
  const textOf = (node: SyntaxNode | null) => (node === null ? '' : expr.slice(node.from, node.to));
  parser.parse(expr).iterate({
    enter({ type, node }) {
      if (type.isError) errors.push(`at ${node.from}: "${expr.slice(node.from, node.from + 20)}"`);
      if (type.name === 'GroupingLabels') {
        const labels = node.getChildren('LabelName').map(textOf);
        groupings.push({ labels, names: namesIn(surrounding(node)).map(textOf) });
      }
      if (type.name !== 'VectorSelector') return;
      series.push({
        name: textOf(node.getChild('Identifier')),
        inside: textOf(functionAround(node)),
        range: rangeOf(node, textOf),
        matchedLabels: matchersOf(node).map((matcher) => textOf(matcher.getChild('LabelName'))),
      });
    },
  });
  return { errors, series, groupings };
}

function matchersOf(selector: SyntaxNode): SyntaxNode[] {
  return selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
}

/** The aggregation or the operation that a list of labels belongs to. */
function surrounding(labels: SyntaxNode): SyntaxNode {
  let node = labels;
  while (node.parent !== null && !/^(AggregateExpr|BinaryExpr)$/.test(node.name)) node = node.parent;
  return node;
}

function namesIn(expression: SyntaxNode): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  expression.cursor().iterate(({ name, node }) => {
    const identifier = name === 'VectorSelector' ? node.getChild('Identifier') : null;
    if (identifier !== null) names.push(identifier);
  });
  return names;
}

/** A function of a range takes the selector itself; `@ end()` may stand between. */
function functionAround(selector: SyntaxNode): SyntaxNode | null {
  const matrix = selector.parent;
  if (matrix?.name !== 'MatrixSelector') return null;
  const call = pinned(matrix).parent?.parent;
  return call?.getChild('FunctionIdentifier') ?? null;
}

function rangeOf(selector: SyntaxNode, textOf: (node: SyntaxNode | null) => string): string {
  const matrix = selector.parent;
  if (matrix?.name !== 'MatrixSelector') return '';
  const duration = textOf(matrix.getChild('DurationExpr'));
  return pinned(matrix) === matrix ? duration : `${duration} @ end()`;
}

function pinned(matrix: SyntaxNode): SyntaxNode {
  const around = matrix.parent;
  return around?.name === 'StepInvariantExpr' && around.getChild('AtModifierPreprocessors') !== null
    ? around
    : matrix;
}
