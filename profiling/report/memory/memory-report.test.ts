import { describe, expect, it } from 'vitest';
import {
  type MemoryKnobs,
  sampleGrowingClass,
  sampleHeapGrowth,
  sampleMemory,
} from '../../testing/sample-memory.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { judgedMemory } from './judged-memory.ts';

function rendered(knobs: MemoryKnobs = {}) {
  const run = judgedMemory(sampleMemory(knobs));
  return { run, markdown: renderMarkdown(run.report, (name) => `${name}.svg`), html: renderHtml(run.report) };
}

const LEAK: MemoryKnobs = {
  grown: { structures: { 'hub.connections': 1_000 }, classes: { Connection: 1_000, Socket: 1_000 } },
};

describe('the report of a memory run', () => {
  it('has the sections that readers look for, in their order', () => {
    const { markdown } = rendered();
    const titles = [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      'Checks',
      'What was run',
      'Lifecycle findings',
      'Memory test results',
      'Leak detection',
      'Charts',
      'Recommendations',
      'Validity: can it be trusted?',
      'Faults and settings',
      'Environment',
      'Repeat it',
    ]);
  });

  it('shows every figure of a clean server as ok, with the line that releases it', () => {
    const { markdown } = rendered();
    const [, lifecycle = ''] = /## Lifecycle findings\n(.*?)\n## /s.exec(markdown) ?? [];
    expect(lifecycle).toContain('`server/hub/hub.ts:106, Hub.disconnected`');
    expect(lifecycle).toContain('256 (at most 256)');
    expect(lifecycle).toContain('500 left | 0 kept');
    expect(lifecycle).not.toContain('not ok');
  });

  it('shows memory three times a cycle, with initial and final', () => {
    const [, results = ''] = /## Memory test results\n(.*?)\n## /s.exec(rendered().markdown) ?? [];
    const rows = results.split('\n').filter((line) => line.startsWith('| '));
    // Head and its rule, initial, thirteen cycles, final.
    expect(rows).toHaveLength(17);
    expect(rows.at(-1)).toContain('Final');
  });

  it('names what leaked in the first screen, the tables, the charts and the highlights', () => {
    const { run, markdown, html } = rendered(LEAK);
    expect(run.verdict.verdict).toBe('fail');
    expect(markdown.split('\n## ')[0]).toContain('hub.connections grew by 1,000 (1.00 per connection)');
    expect(markdown).toContain('not ok: +1,000 (1.00 per connection)');
    expect(markdown).toContain('## Findings');
    expect(markdown).toContain('class-growth.svg');
    expect(html).toContain('chart-class-growth');
    expect(run.highlights.map(({ question }) => question)).toEqual([
      'Leaks and lifecycle issues',
      'Memory kept for each connection that left',
      'Code to fix',
    ]);
  });

  it('shows the classes that grow, who holds them, how they are reached, and the snapshots', () => {
    const heapGrowth = sampleHeapGrowth([
      sampleGrowingClass(),
      sampleGrowingClass({ name: 'Address', holder: null, keptBy: 'ClientSession' }),
    ]);
    const allocationProfile = 'heap/allocations.heapprofile';
    const { run, markdown } = rendered({ record: { heapGrowth, allocationProfile } });
    const [, leaks = ''] = /## Leak detection\n(.*?)\n## /s.exec(markdown) ?? [];
    expect(leaks).toContain('| **ClientSession** | 0 | 500 | 1,000 | 1.00 per connection | 312 B |');
    expect(leaks).toContain('kept alive by `ClientSession`');
    expect(leaks).toContain('**ClientSession**: `Registry` → `.sessions → Map` → `ClientSession`');
    expect(leaks).toContain('[heap/2.heapsnapshot](heap/2.heapsnapshot)');
    expect(leaks).toContain('[heap/allocations.heapprofile](heap/allocations.heapprofile)');
    expect(leaks).toContain(
      'npm run heap:diff -- heap/1.heapsnapshot heap/2.heapsnapshot heap/3.heapsnapshot',
    );
    const [, lifecycle = ''] = /## Lifecycle findings\n(.*?)\n## /s.exec(markdown) ?? [];
    expect(lifecycle).toContain('**Growing class**: held by Map: Registry.sessions');
    expect(run.highlights.at(-1)?.answer).toContain('server/registry.ts:39');
    expect(run.notes[0]).toContain('Registry → .sessions → Map → ClientSession');
  });

  it('says of a clean heap what was compared, and of none why', () => {
    expect(rendered().markdown).toContain(
      'No class of objects, closures or native things grew, and no collection',
    );
    expect(rendered().markdown).toContain('removed after reading');
    const none = { heapGrowth: null, noHeapGrowth: 'the heap held 90 MB' };
    expect(rendered({ record: none }).markdown).toContain(
      'No heap snapshots were compared: the heap held 90 MB.',
    );
  });

  it('draws no bars where no class grew', () => {
    expect(rendered().markdown).not.toContain('class-growth');
  });

  it('says what the flag adds, or shows it', () => {
    expect(rendered().markdown).toContain(
      "The profiler's own heap after forced collection: 12.0 MB at the baseline",
    );
    expect(rendered({ record: { profilerHeap: null } }).markdown).toContain(
      'node --expose-gc profiling/memory-test.js',
    );
  });

  it('says that a busy machine bends latencies only', () => {
    const { markdown } = rendered({ tier: { load: { machineCpuRatio: 0.99 } } });
    expect(markdown).toContain('The counts of every cycle can be trusted.');
    expect(markdown).toContain(
      'In 13 of 13 cycles the machine was too busy to trust latencies (`machine-cpu`)',
    );
  });

  it('stands on its feet without anything measured', () => {
    const outcome = { state: 'aborted', code: 'TL_TARGET_DIED', message: 'it went away' } as const;
    const nothing = { cycles: [], initial: null, final: null, baseline: null, end: null, outcome };
    const { run, markdown } = rendered({ record: nothing });
    expect(run.verdict.sentence).toBe('Inconclusive: the run was cut short: it went away.');
    expect(markdown).toContain('No cycle was measured');
  });
});
