import { describe, expect, it } from 'vitest';
import { testPlan } from '../../../testing/load-plans.ts';
import { createWorkload } from '../../../workloads/workload-by-name.ts';
import { decodeHistogram } from '../../latency/latency-histogram.ts';
import { formatLedgerText } from '../../ledger/ledger-entry.ts';
import type { LoadPlan } from '../../load-plan.ts';
import { DeliveryRecorder } from './delivery-recorder.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
const window = { startUs: 0, measureStartUs: 1_000_000, measureEndUs: 3_000_000 };
const PUBLISHER = 4;

/** Three clients, the last of which reads slowly, all members from offset 0 on. */
class Bench {
  readonly recorder: DeliveryRecorder;
  readonly #plan: LoadPlan;

  constructor(changes: Partial<LoadPlan> = {}) {
    this.#plan = testPlan(target, { connections: 3, ...changes });
    this.recorder = new DeliveryRecorder({
      plan: this.#plan,
      clients: 3,
      slowReaders: 1,
      publisher: PUBLISHER,
      workload: createWorkload(this.#plan),
    });
    this.recorder.load(window);
    for (const client of [0, 1, 2]) {
      this.recorder.received(100 + client);
      this.read(client, { type: 'subscribed', matchId: this.#plan.matchId, epoch: 'e', offset: 0 });
    }
  }

  read(client: number, message: unknown): string {
    const bytes = Buffer.from(JSON.stringify(message));
    return this.recorder.read(client, bytes, 0, bytes.length);
  }

  /** A broadcast that was intended at `intendedUs` and comes 500 µs later. */
  deliver(
    client: number,
    offset: number,
    entry: { seq: number; intendedUs: number; publisher?: number },
  ): void {
    const { runId, matchId } = this.#plan;
    const whole = { publisher: PUBLISHER, sentUs: entry.intendedUs, ...entry };
    const text = formatLedgerText(runId, whole, 100);
    this.recorder.received(entry.intendedUs + 500);
    this.read(client, { type: 'commentary', matchId, offset, data: { id: offset, minute: 1, text } });
  }
}

describe('DeliveryRecorder', () => {
  it('enters a delivery in the ledger, the latencies and the shape', () => {
    const bench = new Bench({ fanOutShape: true });
    bench.deliver(0, 1, { seq: 0, intendedUs: 1_000_000 });
    const { recorder } = bench;
    expect({ deliveries: recorder.deliveries, gaps: recorder.gaps, reads: recorder.reads }).toEqual({
      deliveries: 1,
      gaps: 0,
      reads: 4,
    });
    const report = recorder.report([0, 1]);
    expect([...report.books.unique]).toEqual([1, 0, 0]);
    expect(decodeHistogram(report.latency?.firstHalf ?? '').count).toBe(1);
    expect(report.counts).toBeNull();
    // A cell for each of the two that read.
    expect([...(report.fanOut?.cells ?? [])]).toEqual([500, 0]);
    expect(report.sightings).toEqual([{ seq: 0, offset: 1 }]);
  });

  it('keeps slow readers out of all of them, and in books of their own', () => {
    const bench = new Bench({ fanOutShape: true });
    bench.deliver(2, 1, { seq: 0, intendedUs: 1_000_000 });
    const { recorder } = bench;
    expect(recorder.deliveries).toBe(0);
    expect(recorder.isMember(2)).toBe(false);
    const report = recorder.report([]);
    expect([...report.books.membership]).toEqual([1, 1, 0]);
    expect(decodeHistogram(report.latency?.firstHalf ?? '').count).toBe(0);
    expect([...(report.fanOut?.acknowledgedUs ?? [])]).toEqual([100, 101]);
    expect([...recorder.slowBooks().unique]).toEqual([0, 0, 1]);
  });

  it('tells the messages of a closed load apart by their offsets, and counts them by second', () => {
    const bench = new Bench({ closedPublishers: 2, fanOutShape: true });
    for (const offset of [1, 2, 2, 3]) bench.deliver(0, offset, { seq: 0, intendedUs: 2_500_000 });
    bench.deliver(2, 1, { seq: 0, intendedUs: 2_500_000 });
    const report = bench.recorder.report([]);
    expect([...report.books.unique]).toEqual([3, 0, 0]);
    expect(report.books.duplicated).toBe(1);
    expect(report.counts).toEqual([0, 3]);
    expect(report.latency).toBeNull();
    expect(report.fanOut).toBeNull();
    expect([...bench.recorder.slowBooks().unique]).toEqual([0, 0, 1]);
  });

  it('takes another publisher’s message as foreign', () => {
    const bench = new Bench();
    bench.deliver(0, 1, { seq: 0, intendedUs: 1_000_000, publisher: PUBLISHER - 1 });
    bench.deliver(2, 1, { seq: 0, intendedUs: 1_000_000, publisher: PUBLISHER - 1 });
    const { books } = bench.recorder.report([]);
    expect(books.foreign).toBe(1);
    expect([...books.foreignToMember]).toEqual([1, 0, 0]);
  });

  it('forgets the place of a member whose connection ended, not of one that left', () => {
    const bench = new Bench({ fanOutShape: true });
    bench.recorder.ended(0, 5_000);
    bench.read(1, { type: 'unsubscribed', matchId: 7, offset: 0 });
    expect(bench.recorder.hasLeft(0)).toBe(false);
    expect(bench.recorder.hasLeft(1)).toBe(true);
    expect([...(bench.recorder.report([]).fanOut?.acknowledgedUs ?? [])]).toEqual([0, 101]);
  });
});
