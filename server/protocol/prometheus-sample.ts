/**
 * Reads a line of Prometheus text exposition (the classic format): labels with escapes, an optional timestamp. What a
 * line that is no sample means for the whole page, who reads the page decides.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */

export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

// `s`: a label may hold any character but a newline, line separators of Unicode among them.
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+([^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/s;
const LABEL = /^[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(?:,|$)/s;
const SPECIAL_VALUES: Readonly<Record<string, number>> = {
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
};

/** @returns undefined where the line is no sample */
export function parsePrometheusSample(line: string): PrometheusSample | undefined {
  const match = SAMPLE.exec(line);
  if (match === null) return undefined;
  const [, name = '', labelText = '', valueText = ''] = match;
  const labels = parseLabels(labelText);
  const value = parseValue(valueText);
  return labels === undefined || value === undefined ? undefined : { name, labels, value };
}

function parseLabels(text: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest.trim() !== '') {
    const match = LABEL.exec(rest);
    if (match === null) return undefined;
    const [whole, name = '', escaped = ''] = match;
    labels[name] = unescapeLabel(escaped);
    rest = rest.slice(whole.length);
  }
  return labels;
}

function unescapeLabel(escaped: string): string {
  return escaped.replaceAll(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}

function parseValue(text: string): number | undefined {
  const special = SPECIAL_VALUES[text];
  if (special !== undefined) return special;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
