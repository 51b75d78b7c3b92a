import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PingExchange } from './ping-exchange.ts';

describe('PingExchange', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function create(perClient: number): { pings: PingExchange; sent: number[] } {
    const sent: number[] = [];
    const pings = new PingExchange({
      clients: 4,
      perClient,
      timeoutMs: 1_000,
      send: (client) => sent.push(client),
    });
    return { pings, sent };
  }

  it('sends the next ping when the one before was answered', async () => {
    const { pings, sent } = create(3);
    const failures = pings.run([1, 3]);
    expect(sent).toEqual([1, 3]);
    for (const client of [1, 1, 3, 1, 3, 3]) pings.answered(client);
    expect(await failures).toEqual([]);
    expect(sent).toEqual([1, 3, 1, 1, 3, 3]);
    pings.answered(1);
    expect(sent).toHaveLength(6);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts whoever was refused, and each only once', async () => {
    const { pings, sent } = create(2);
    const failures = pings.run([0, 1]);
    pings.failed(0, 'error_rate_limit');
    pings.failed(0, 'close_4005');
    pings.failed(2, 'ECONNRESET');
    pings.answered(0);
    for (const client of [1, 1]) pings.answered(client);
    expect(await failures).toEqual([{ reason: 'error_rate_limit', count: 1 }]);
    expect(sent).toEqual([0, 1, 1]);
  });

  it('ends when its time is over, or a shorter one set later', async () => {
    const { pings } = create(1);
    const failures = pings.run([0, 1]);
    pings.limit(100);
    await vi.advanceTimersByTimeAsync(100);
    expect(await failures).toEqual([{ reason: 'pong_timeout', count: 2 }]);
  });
});
