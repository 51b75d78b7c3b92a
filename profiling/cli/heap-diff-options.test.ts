import { describe, expect, it } from 'vitest';
import { readHeapDiffOptions } from './heap-diff-options.ts';

describe('the words of heap:diff', () => {
  it('are two or three files with options', () => {
    expect(
      readHeapDiffOptions(['a', 'b', '--connections', '300', 'c', '--heapprofile', 'p', '--json']),
    ).toEqual({
      kind: 'run',
      options: { files: ['a', 'b', 'c'], connections: 300, heapProfile: 'p', json: true },
    });
    expect(readHeapDiffOptions(['a', 'b'])).toEqual({
      kind: 'run',
      options: { files: ['a', 'b'], connections: null, heapProfile: null, json: false },
    });
    expect(readHeapDiffOptions(['--help']).kind).toBe('help');
  });

  it.each([
    [['a'], /two or three \.heapsnapshot files; received 1/],
    [['a', 'b', 'c', 'd'], /received 4/],
    [['a', 'b', '--connections', '0'], /whole number from 1 on; received "0"/],
    [['a', 'b', '--connections', 'many'], /received "many"/],
    [['a', 'b', '--conections', '1'], /^unknown option --conections; did you mean --connections\?$/],
  ])('are explained when they are wrong: %j', (argv, expected) => {
    const asked = readHeapDiffOptions(argv);
    expect(asked.kind === 'usage' ? asked.problems.join() : '').toMatch(expected);
  });
});
