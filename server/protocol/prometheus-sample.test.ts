import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrometheusSample, parsePrometheusSample } from './prometheus-sample.ts';

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/).filter((text) => text !== '__proto__');
const value = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
);
const sample = fc.record({
  name,
  labels: fc.dictionary(labelName, fc.string({ unit: 'grapheme', maxLength: 12 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value,
});

function renderSample({ name, labels, value }: PrometheusSample): string {
  const escaped = (text: string) =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  const number = value === Number.POSITIVE_INFINITY ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number}`;
}

describe('parsePrometheusSample', () => {
  it('reads back what was rendered', () => {
    fc.assert(
      fc.property(sample, (one) => {
        expect(parsePrometheusSample(renderSample(one))).toEqual({
          ...one,
          value: Object.is(one.value, -0) ? 0 : one.value,
        });
      }),
    );
  });

  it('reads escapes, braces in labels, a trailing comma and a timestamp', () => {
    const line = 'a{path="C:\\\\x",quote="\\"}{",line="1\\n2",} 1.5e3 1700000000000';
    const labels = { path: 'C:\\x', quote: '"}{', line: '1\n2' };
    expect(parsePrometheusSample(line)).toEqual({ name: 'a', labels, value: 1500 });
  });

  it.each(['<html>', 'a{b=1} 2', 'a{b="1} 2', 'a', 'a one', 'a 1 2 3', '1a 2', 'a{b="1" c="2"} 3'])(
    'refuses %s',
    (line) => {
      expect(parsePrometheusSample(line)).toBeUndefined();
    },
  );
});
