import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { churnPlan, totalOf } from '../../../testing/churn-plans.ts';
import { createMatchesWorkload } from '../../../workloads/matches.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import type { ClientHandler } from '../../client/client.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import { ChurnFleet } from './churn-fleet.ts';
import { ChurnSchedule, visitCount } from './churn-schedule.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
const base = churnPlan(target, { churnMs: 1_000, connectsPerSecond: 10, stayMs: { min: 300, max: 300 } });
const { matchId } = base;

/** How the other side answers; what is left out is not answered. */
interface Script {
  readonly onOpen?: (peer: Peer) => void;
  readonly onSubscribe?: (peer: Peer) => void;
  readonly onUnsubscribe?: (peer: Peer) => void;
  readonly onClose?: (peer: Peer) => void;
  readonly onSilence?: (peer: Peer) => void;
}

/** The other side of one client, 1 ms away. */
class Peer {
  readonly number: number;
  readonly calls: string[] = [];
  readonly #handler: ClientHandler;

  constructor(number: number, handler: ClientHandler) {
    this.number = number;
    this.#handler = handler;
  }

  say(message: unknown): void {
    const bytes = Buffer.from(JSON.stringify(message));
    setTimeout(() => {
      this.#handler.received(monotonicUs());
      this.#handler.text(this.number, bytes, 0, bytes.length);
    }, 1);
  }

  end(reason: string, afterMs = 1): void {
    setTimeout(() => this.#handler.ended(this.number, reason), afterMs);
  }
}

const polite: Script = {
  onOpen: (peer) => peer.say({ type: 'welcome' }),
  onSubscribe: (peer) => peer.say({ type: 'subscribed', matchId, epoch: 'e', offset: 4 }),
  onUnsubscribe: (peer) => peer.say({ type: 'unsubscribed', matchId, offset: 4 }),
  onClose: (peer) => peer.end('close_1000'),
  onSilence: (peer) => peer.end('close_4004', 1_500),
};

function startFleet(script: Script, changes: Partial<ChurnPlan> = {}) {
  const plan = { ...base, ...changes };
  const startUs = monotonicUs();
  const peers: Peer[] = [];
  const fleet = new ChurnFleet({
    plan,
    schedule: new ChurnSchedule({ plan, startUs, worker: 0, workers: 1 }),
    startUs,
    clients: visitCount(plan),
    publisher: 1,
    workload: createMatchesWorkload(plan),
    open: (number, handler) => {
      const peer = new Peer(number, handler);
      peers.push(peer);
      script.onOpen?.(peer);
      return {
        send: (text) => {
          const isLeaving = text.includes('"unsubscribe"');
          peer.calls.push(isLeaving ? 'unsubscribe' : 'subscribe');
          if (isLeaving) script.onUnsubscribe?.(peer);
          else script.onSubscribe?.(peer);
        },
        close: () => {
          peer.calls.push('close');
          script.onClose?.(peer);
        },
        destroy: () => peer.calls.push('destroy'),
        reset: () => peer.calls.push('reset'),
        pause: () => undefined,
        silence: () => {
          peer.calls.push('silence');
          script.onSilence?.(peer);
        },
      };
    },
  });
  const events: string[] = [];
  fleet.onQuiet = () => events.push('quiet');
  fleet.onSettled = () => events.push('settled');
  fleet.start();
  return { fleet, peers, events };
}

function endsOf(fleet: ChurnFleet) {
  const { connect, failures, clean, reset, silent, unasked, detected } = fleet.counts();
  const accounted = totalOf(connect.failures) + totalOf(failures) + clean + reset + silent + totalOf(unasked);
  expect(accounted).toBe(connect.attempted);
  expect(fleet.open).toBe(0);
  return { refused: connect.failures, failures, clean, reset, silent, unasked, detected };
}

const nothing = { refused: [], failures: [], clean: 0, reset: 0, silent: 0, unasked: [], detected: [] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'], now: 1e9 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a churn of a server that does all it should', () => {
  it('ends every client as its visit says, and says when it is quiet and settled', async () => {
    const { fleet, peers, events } = startFleet(polite, { abruptRatio: 0.4 });
    await vi.advanceTimersByTimeAsync(1_400);
    expect(events).toEqual(['quiet']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events).toEqual(['quiet', 'settled']);
    expect(endsOf(fleet)).toEqual({
      ...nothing,
      clean: 6,
      reset: 2,
      silent: 2,
      detected: [{ reason: 'close_4004', count: 2 }],
    });
    const calls = peers.map((peer) => peer.calls.join(' ')).sort();
    expect(new Set(calls)).toEqual(
      new Set(['subscribe unsubscribe close', 'subscribe reset', 'subscribe silence']),
    );
    // Each left (or was cut) after its stay, so all are in the books.
    expect([...fleet.books.ledger.books().membership].sort()).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it('counts each second, and when the clients came', async () => {
    const { fleet } = startFleet(polite, { churnMs: 2_000, abruptRatio: 0 });
    await vi.advanceTimersByTimeAsync(4_000);
    const { seconds, connect, acceptedInTime } = fleet.counts();
    expect(connect).toMatchObject({ attempted: 20, connected: 20, failures: [] });
    expect(acceptedInTime).toBe(20);
    expect(seconds.map(({ attempted, accepted }) => [attempted, accepted])).toEqual([
      [10, 10],
      [10, 10],
      [0, 0],
    ]);
    expect(seconds.reduce((sum, { ended }) => sum + ended, 0)).toBe(20);
  });

  it('stops at once when it is halted, and names who was cut', async () => {
    const { fleet, peers, events } = startFleet(polite, { abruptRatio: 0 });
    // Half-way through the schedule; the newest is still connecting.
    await vi.advanceTimersByTimeAsync(500);
    fleet.halt();
    expect(events).toEqual(['quiet', 'settled']);
    expect(endsOf(fleet)).toEqual({
      ...nothing,
      refused: [{ reason: 'interrupted', count: 1 }],
      failures: [{ reason: 'interrupted', count: 3 }],
      clean: 2,
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(peers).toHaveLength(6);
  });

  it('does not call those undetected that a halt cut in their silence', async () => {
    const { fleet } = startFleet(polite, { abruptRatio: 1 });
    await vi.advanceTimersByTimeAsync(1_100);
    fleet.halt();
    const { silent, cut } = fleet.counts();
    expect(silent).toBeGreaterThan(0);
    expect(cut).toBe(silent);
  });
});

describe('a churn of a server that', () => {
  const silence = { onSilence: () => undefined };

  it.each<[string, Script, Partial<ChurnPlan>, Partial<ReturnType<typeof endsOf>>]>([
    [
      'refuses everyone',
      { onOpen: (peer) => peer.end('http_503') },
      {},
      { refused: [{ reason: 'http_503', count: 10 }] },
    ],
    ['never says welcome', { onOpen: () => undefined }, {}, { refused: [{ reason: 'timeout', count: 10 }] }],
    [
      'ends the connection instead of subscribing',
      { onSubscribe: (peer) => peer.end('close_1011') },
      {},
      { unasked: [{ reason: 'close_1011', count: 10 }] },
    ],
    [
      'does not answer a subscribe',
      { onSubscribe: () => undefined },
      {},
      { failures: [{ reason: 'subscribe_timeout', count: 10 }] },
    ],
    [
      'refuses a subscribe',
      { onSubscribe: (peer) => peer.say({ type: 'error', code: 'too_many_subscriptions' }) },
      {},
      { failures: [{ reason: 'subscribe_error_too_many_subscriptions', count: 10 }] },
    ],
    [
      'ends members before their time',
      {
        onSubscribe: (peer) => {
          polite.onSubscribe?.(peer);
          peer.end('close_4001', 100);
        },
      },
      {},
      { unasked: [{ reason: 'close_4001', count: 10 }] },
    ],
    [
      'does not answer an unsubscribe',
      { onUnsubscribe: () => undefined },
      {},
      { failures: [{ reason: 'unsubscribe_timeout', count: 10 }] },
    ],
    [
      'refuses an unsubscribe',
      { onUnsubscribe: (peer) => peer.say({ type: 'error', code: 'not_subscribed' }) },
      {},
      { failures: [{ reason: 'unsubscribe_error_not_subscribed', count: 10 }] },
    ],
    [
      'drops the connection instead of closing it',
      { onClose: (peer) => peer.end('close_1006') },
      {},
      { failures: [{ reason: 'close_1006', count: 10 }] },
    ],
    [
      'does not answer a close',
      { onClose: () => undefined },
      {},
      { failures: [{ reason: 'close_timeout', count: 10 }] },
    ],
    ['never finds who fell silent', silence, { abruptRatio: 1 }, { reset: 5, silent: 5, detected: [] }],
  ])('%s', async (_what, faults, changes, expected) => {
    const { fleet, events } = startFleet({ ...polite, ...faults }, { abruptRatio: 0, ...changes });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(events).toEqual(['quiet', 'settled']);
    expect(endsOf(fleet)).toEqual({ ...nothing, ...expected });
    expect(vi.getTimerCount()).toBe(0);
  });
});
