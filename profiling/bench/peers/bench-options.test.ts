import { describe, expect, it } from 'vitest';
import { PEER_NAMES } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { BENCHMARKS_FILE, HELP, parseBenchOptions } from './bench-options.ts';

describe('the options of bench:peers', () => {
  it('may leave out all that is not paced', () => {
    expect(parseBenchOptions(['--per-turn', 'none'])?.perTurn).toEqual([]);
  });

  it('are everything by default, and only that is written into BENCHMARKS.md unasked', () => {
    expect(parseBenchOptions([])).toEqual({
      peers: PEER_NAMES,
      readers: [1, 100, 1_000],
      formats: ['json', 'binary'],
      perTurn: [200, 1],
      pacedDeliveries: 10_000,
      rooms: 1,
      rounds: 5,
      measureMs: 1_000,
      warmUpMs: 1_000,
      out: BENCHMARKS_FILE,
    });
    for (const words of [['--quick'], ['--rounds', '3'], ['--peers=go']]) {
      expect(parseBenchOptions(words)?.out).toBeNull();
    }
    expect(parseBenchOptions(['--quick', '--out', 'B.md'])?.out).toBe('B.md');
  });

  it('are few with --quick, and what is typed counts all the same', () => {
    expect(parseBenchOptions(['--quick', '--readers', '10,20', '--seconds', '0.2s'])).toMatchObject({
      readers: [10, 20],
      perTurn: [200],
      pacedDeliveries: 0,
      rounds: 3,
      measureMs: 200,
    });
  });

  it('always have the floor and plain ws, in the order of the tables', () => {
    expect(parseBenchOptions(['--peers', 'rust-feed,uws'])?.peers).toEqual([
      'floor',
      'ws',
      'uws',
      'rust-feed',
    ]);
  });

  it('explain themselves', () => {
    expect(parseBenchOptions(['--help', '--quick'])).toBeNull();
    for (const name of PEER_NAMES) expect(HELP).toContain(name);
  });

  it.each([
    [['--peers', 'rust'], 'received "rust"'],
    [['--peers', 'touchline-tick'], 'did you mean touchline-ticks?'],
    [['--readers', '0'], 'expected --readers to list whole numbers from 1 to 10,000; received "0"'],
    [['--readers', '1,'], 'received ""'],
    [['--formats', 'xml'], 'expected --formats json, binary or both; received "xml"'],
    [['--per-turn', '300'], 'expected --per-turn to list divisors of 1000; received "300"'],
    [['--rounds', '0'], 'expected --rounds from 1 to 1000; received "0"'],
    [['--rounds', 'many'], 'received "many"'],
    [['--seconds', '0'], 'expected --seconds from 0.1 to 600; received "0"'],
    [['--paced', '-1'], 'See --help.'],
    [['--fast'], "Unknown option '--fast'"],
    [['now'], 'Unexpected argument'],
  ])('are refused: %s', (words, sentence) => {
    expect(() => parseBenchOptions(words)).toThrow(sentence);
  });
});
