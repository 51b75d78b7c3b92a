import { describe, expect, it } from 'vitest';
import { parseKernelSocketBytes, takeMemorySample } from './memory-sample.ts';
import { MetricsReading } from './metrics-reading.ts';

const READING = new MetricsReading(0, [
  { name: 'process_resident_memory_bytes', labels: {}, value: 7e7 },
  { name: 'nodejs_heap_size_used_bytes', labels: {}, value: 1e7 },
]);

describe('takeMemorySample', () => {
  it('collects garbage before it reads', async () => {
    const calls: string[] = [];
    const server = {
      collectGarbage: async () => calls.push('gc') > 0,
      scrape: async () => {
        calls.push('scrape');
        return READING;
      },
      askAdmin: async () => null,
    };
    const sample = await takeMemorySample(server, { connections: 10, sharesMachine: false });
    expect(calls).toEqual(['gc', 'scrape']);
    expect(sample).toEqual({
      connections: 10,
      forcedGc: true,
      rssBytes: 7e7,
      heapTotalBytes: null,
      heapUsedBytes: 1e7,
      externalBytes: null,
      arrayBuffersBytes: null,
      kernelSocketBytes: null,
    });
  });

  it('is null when the target cannot be read', async () => {
    const server = {
      collectGarbage: async () => false,
      scrape: async () => null,
      askAdmin: async () => null,
    };
    expect(await takeMemorySample(server, { connections: 10, sharesMachine: true })).toBeNull();
  });
});

describe('parseKernelSocketBytes', () => {
  const sockstat = 'sockets: used 9\nTCP: inuse 4 orphan 0 tw 1 alloc 7 mem 62\nUDP: inuse 0 mem 3\n';

  it('multiplies TCP pages by the page size', () => {
    expect(parseKernelSocketBytes(sockstat, 'KernelPageSize:       16 kB')).toBe(62 * 16_384);
    expect(parseKernelSocketBytes(sockstat, '')).toBe(62 * 4_096);
  });

  it('is null where the line is missing', () => {
    expect(parseKernelSocketBytes('sockets: used 9', '')).toBeNull();
  });
});
