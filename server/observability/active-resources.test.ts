import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ActiveResources } from './active-resources.ts';

/** A count takes so long on a clock that only counting moves. */
function countedIn(countMs: number) {
  const process = { nowMs: 0, names: ['Timeout'] as readonly string[], counts: 0 };
  const resources = new ActiveResources({
    nowMs: () => process.nowMs,
    list: () => {
      process.nowMs += countMs;
      process.counts += 1;
      return process.names;
    },
  });
  return { process, resources };
}

describe('ActiveResources', () => {
  it('counts by type', () => {
    const { process, resources } = countedIn(0);
    process.names = ['TCPSocketWrap', 'Timeout', 'TCPSocketWrap'];
    expect([...resources.read()]).toEqual([
      ['TCPSocketWrap', 2],
      ['Timeout', 1],
    ]);
  });

  it('counts anew each time where counting costs nothing', () => {
    const { process, resources } = countedIn(0);
    resources.read();
    process.names = [];
    expect(resources.read().size).toBe(0);
  });

  it('keeps a count that took 4 ms for 4 s, and no longer', () => {
    const { process, resources } = countedIn(4);
    resources.read();
    process.names = ['Timeout', 'Timeout'];
    process.nowMs += 3_999;
    expect(resources.read().get('Timeout')).toBe(1);
    expect(process.counts).toBe(1);
    process.nowMs += 1;
    expect(resources.read().get('Timeout')).toBe(2);
    expect(process.counts).toBe(2);
  });

  it('sees a server that listens in this process', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    expect(new ActiveResources().read().get('TCPServerWrap')).toBeGreaterThan(0);
    server.close();
  });
});
