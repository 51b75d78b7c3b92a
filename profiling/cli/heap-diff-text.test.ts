import { describe, expect, it } from 'vitest';
import { sampleGrowingClass, sampleHeapGrowth } from '../testing/sample-memory.ts';
import { heapDiffText } from './heap-diff-text.ts';

const KEPT = sampleGrowingClass({ name: 'Array', holder: null, keptBy: 'ClientSession' });

describe('the text of heap:diff', () => {
  it('counts in its first sentence what leaks by itself, not what that keeps alive', () => {
    const text = heapDiffText(sampleHeapGrowth([sampleGrowingClass(), KEPT]));
    const [sentence] = text.split('\n');
    expect(sentence).toBe(
      'LEAK: 500 ClientSession held by Map: Registry.sessions grew in both intervals and stayed.',
    );
    expect(text).toContain('Kept alive by these, gone when they go:\n  500 Array by ClientSession');
  });

  it('names three leaks and says how many there are more', () => {
    const many = ['A', 'B', 'C', 'D', 'E'].map((name) => sampleGrowingClass({ name }));
    expect(heapDiffText(sampleHeapGrowth(many)).split('\n')[0]).toMatch(
      /500 C held by Map: Registry\.sessions and 2 more grew/,
    );
  });

  it('says of room for numbers that it is no count of them, be it proven or not', () => {
    const room = sampleGrowingClass({ kind: 'place', name: 'places for numbers' });
    for (const found of [{ collections: [room] }, { doubtful: [room] }]) {
      expect(heapDiffText({ ...sampleHeapGrowth(), ...found })).toContain(
        'Small numbers, true and false are in no snapshot',
      );
    }
    expect(heapDiffText(sampleHeapGrowth([sampleGrowingClass()]))).not.toContain('Small numbers');
  });

  it('says with no leak how a smaller one would show', () => {
    expect(heapDiffText(sampleHeapGrowth())).toMatch(
      /^NO LEAK: .*\n\nA smaller leak shows when more happens between the snapshots\.$/s,
    );
  });

  it('says where to look for what no class and no collection explains', () => {
    const text = heapDiffText({
      ...sampleHeapGrowth(),
      unexplained: [{ kind: 'strings', counts: [10, 20, 30], bytes: [1_000, 200_000, 400_000] }],
    });
    expect(text).toMatch(/^INCONCLUSIVE: no class and no collection explains why the heap grew/);
    expect(text).toMatch(/many small collections, .* as a text that grows by \+=/);
  });
});
