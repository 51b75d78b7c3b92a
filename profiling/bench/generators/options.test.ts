import { describe, expect, it } from 'vitest';
import { benchCells } from './bench-cells.ts';
import { GENERATOR_NAMES } from './generator-catalogue.ts';
import { BENCHMARKS_FILE, HELP, parseGeneratorOptions } from './options.ts';

describe('the options of bench:generators', () => {
  it('are everything by default, and only that is written into BENCHMARKS.md unasked', () => {
    expect(parseGeneratorOptions([])).toMatchObject({
      generators: GENERATOR_NAMES,
      parts: ['speed', 'memory', 'answers'],
      connections: 100,
      broadcastsPerSecond: 2_000,
      turnsMs: [10, 1],
      out: BENCHMARKS_FILE,
    });
    for (const words of [['--quick'], ['--rounds', '3'], ['--generators=ws']]) {
      expect(parseGeneratorOptions(words)?.out).toBeNull();
    }
    expect(parseGeneratorOptions(['--quick', '--out', 'B.md'])?.out).toBe('B.md');
  });

  it('always have ours, in the order of the tables', () => {
    expect(parseGeneratorOptions(['--generators', 'ws,k6'])?.generators).toEqual(['touchline', 'k6', 'ws']);
  });

  it('make the cells', () => {
    const options = parseGeneratorOptions([
      '--parts',
      'answers,speed',
      '--turns',
      '5',
      '--answer-seconds',
      '4s',
    ]);
    const cells = options === null ? [] : benchCells(options);
    expect(cells.map(({ part, plan }) => [part, plan.fault.kind, plan.measureMs])).toEqual([
      ['speed', 'none', 1_000],
      ['answers', 'none', 4_000],
      ['answers', 'delay', 4_000],
      ['answers', 'stall', 4_000],
      ['answers', 'drop', 4_000],
    ]);
  });

  it('explain themselves', () => {
    expect(parseGeneratorOptions(['--help', '--quick'])).toBeNull();
    for (const name of GENERATOR_NAMES) expect(HELP).toContain(name);
  });

  it.each([
    [
      ['--generators', 'k7'],
      'expected --generators to name some of touchline, k6, artillery, ws; received "k7"',
    ],
    [['--parts', 'sped'], 'did you mean speed?'],
    [
      ['--hold', '100,200,100'],
      'expected --hold to list at least 3 different counts; received "100,200,100"',
    ],
    [['--turns', '0'], 'expected --turns from 1 to 1000; received "0"'],
    [['--rounds', 'many'], 'received "many"'],
    [['--answer-seconds', '1'], 'expected --answer-seconds from 2 to 20; received "1"'],
    [['--answers', 'drops'], 'did you mean drop?'],
    [['--fast'], "Unknown option '--fast'"],
  ])('are refused: %s', (words, sentence) => {
    expect(() => parseGeneratorOptions(words)).toThrow(sentence);
  });
});
