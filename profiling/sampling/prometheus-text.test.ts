import { describe, expect, it } from 'vitest';
import { parsePrometheusText } from './prometheus-text.ts';

describe('parsePrometheusText', () => {
  it('reads every sample in order, between comments and blank lines', () => {
    const text = '# HELP a Some.\n# TYPE a gauge\na{x="1"} 1.5\r\n\n  # note\nb 0 1700000000000\n';
    expect(parsePrometheusText(text)).toEqual({
      ok: true,
      samples: [
        { name: 'a', labels: { x: '1' }, value: 1.5 },
        { name: 'b', labels: {}, value: 0 },
      ],
    });
  });

  it('refuses a page with a line that is no sample, and names the line', () => {
    const line = 'a{b=1} 2';
    expect(parsePrometheusText(`ok 1\n${line}\n`)).toEqual({ ok: false, line: 2, text: line });
  });
});
