import { expect, it } from 'vitest';
import { takeCollectedMemory } from './collected-memory.ts';
import { MetricsReading } from './metrics-reading.ts';
import type { ServerObservation } from './server-view.ts';

const AFTER = {
  rssBytes: 5e7,
  heapTotalBytes: 2e7,
  heapUsedBytes: 1e7,
  externalBytes: 2e6,
  arrayBuffersBytes: 1e5,
};

/** Writes down what it is asked. */
function server(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const view: ServerObservation = {
    scrape: async () => {
      asked.push('scrape');
      return new MetricsReading(0, [{ name: 'nodejs_heap_size_used_bytes', labels: {}, value: 3e7 }]);
    },
    collectGarbage: async () => asked.push('collect') > 0,
    askAdmin: async (method, path) => {
      asked.push(`${method} ${path}`);
      return answers[path] ?? null;
    },
  };
  return { asked, view };
}

it('collects all there is, and takes what the last collection itself tells', async () => {
  const { asked, view } = server({ '/debug/gc': { collected: true, after: AFTER } });
  const sample = await takeCollectedMemory(view, { connections: 0, sharesMachine: false });
  const collections = Array(3).fill('POST /debug/gc');
  expect(asked).toEqual(['POST /debug/class-counts?classes=Room', ...collections]);
  expect(sample).toEqual({ ...AFTER, connections: 0, forcedGc: true, kernelSocketBytes: null });
});

it('takes what a scrape tells where nothing can be collected, and says so', async () => {
  const { asked, view } = server({});
  const sample = await takeCollectedMemory(view, { connections: 0, sharesMachine: false });
  expect(asked.at(-1)).toBe('scrape');
  expect(sample).toMatchObject({ forcedGc: false, heapUsedBytes: 3e7 });
});
