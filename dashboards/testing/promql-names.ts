/** What a PromQL expression names: its metrics, by Prometheus' own grammar. */

import { parser } from '@prometheus-io/lezer-promql';

/**
 * The metrics that an expression selects, each once, in the order they stand in.
 *
 * @throws SyntaxError when it is no PromQL, or selects by labels alone, so that no name tells what it reads
 */
export function metricNames(expression: string): readonly string[] {
  const names = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ name, type, from, to, node }) => {
      if (type.isError) {
        throw new SyntaxError(`expected PromQL; received ${expression}, wrong at character ${from + 1}`);
      }
      if (name !== 'VectorSelector') return;
      const identifier = node.getChild('Identifier');
      if (identifier === null) {
        throw new SyntaxError(`expected a metric's name; received ${expression.slice(from, to)}`);
      }
      names.add(expression.slice(identifier.from, identifier.to));
    },
  });
  return [...names];
}
