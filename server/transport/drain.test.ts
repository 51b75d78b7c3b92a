import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../protocol/close-codes.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import { Drain } from './drain.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server with clients that answer a close, or do not. */
function serve(clients: number, { timeoutMs = 10_000, answers = true } = {}) {
  const { hub } = makeHub();
  const drain = new Drain({ hub, timeoutMs, random: () => 0.5 });
  const closedAtMs: number[] = [];
  for (let n = 0; n < clients; n += 1) {
    const socket = new FakeSocket();
    const connection = hub.connect(socket, '::1');
    const gone = () => {
      hub.disconnected(connection, { code: 1006, reason: '' });
      drain.connectionGone();
    };
    socket.close = (code) => {
      expect(code).toBe(CLOSE.shutdown.code);
      closedAtMs.push(Date.now());
      if (answers) queueMicrotask(gone);
    };
    socket.terminate = () => queueMicrotask(gone);
  }
  return { hub, drain, closedAtMs };
}

describe('Drain', () => {
  it('ends at once when nobody is there', async () => {
    const { drain } = serve(0);
    expect(drain.state().draining).toBe(false);
    await expect(drain.begin()).resolves.toEqual({ draining: true, remaining: 0, closed: 0, cut: 0 });
    expect(drain.timers).toBe(0);
  });

  it('closes a few at once', async () => {
    const { drain } = serve(100);
    const done = drain.begin();
    await vi.advanceTimersByTimeAsync(0);
    await expect(done).resolves.toMatchObject({ closed: 100, cut: 0 });
  });

  it('spreads many over half of its time, in batches that vary', async () => {
    const { drain, closedAtMs } = serve(20_000);
    const startedAt = Date.now();
    const done = drain.begin();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(drain.state()).toMatchObject({ draining: true, cut: 0 });
    expect(drain.state().remaining).toBeGreaterThan(10_000);
    await vi.advanceTimersByTimeAsync(9_000);
    await expect(done).resolves.toMatchObject({ closed: 20_000, cut: 0 });
    const lastMs = (closedAtMs.at(-1) ?? 0) - startedAt;
    expect(lastMs).toBeGreaterThan(4_000);
    expect(lastMs).toBeLessThanOrEqual(5_500);
  });

  it('cuts those that are left at the deadline, and counts them', async () => {
    const { drain } = serve(3, { answers: false, timeoutMs: 2_000 });
    const done = drain.begin();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(drain.state()).toEqual({ draining: true, remaining: 3, closed: 0, cut: 0 });
    await vi.advanceTimersByTimeAsync(1);
    await expect(done).resolves.toEqual({ draining: true, remaining: 0, closed: 0, cut: 3 });
    expect(drain.timers).toBe(0);
  });

  it('cuts at once when asked again', async () => {
    const { drain } = serve(3, { answers: false });
    const done = drain.begin();
    drain.cutNow();
    await vi.advanceTimersByTimeAsync(0);
    await expect(done).resolves.toMatchObject({ cut: 3 });
  });
});
