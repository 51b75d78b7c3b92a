import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPlan } from '../../../testing/load-plans.ts';
import { createWorkload } from '../../../workloads/workload-by-name.ts';
import { FrameParser, type FrameReader, type FrameSink, OPCODE } from '../../client/frame-parser.ts';
import { formatLedgerText } from '../../ledger/ledger-entry.ts';
import { BroadcastReader } from './broadcast-reader.ts';
import { DeliveryRecorder } from './delivery-recorder.ts';
import { SharedBroadcasts } from './shared-broadcasts.ts';

const plan = testPlan({ wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' }, { connections: 3 });
const CLIENTS = 3;
const PUBLISHER = 4;

function frame(first: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126 ? [first, payload.length] : [first, 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

function textFrame(message: unknown): Buffer {
  return frame(0x80 | OPCODE.text, Buffer.from(JSON.stringify(message)));
}

function commentary(
  offset: number,
  changes: { matchId?: number; publisher?: number; runId?: string } = {},
): Buffer {
  const times = { intendedUs: 1_000_000 + offset * 100, sentUs: 1_000_010 + offset * 100 };
  const entry = { publisher: changes.publisher ?? PUBLISHER, seq: offset - 1, ...times };
  const text = formatLedgerText(changes.runId ?? plan.runId, entry, 100 + (offset % 40));
  return textFrame({
    type: 'commentary',
    matchId: changes.matchId ?? plan.matchId,
    offset,
    data: { id: offset, minute: 1, text },
  });
}

/** What may come instead of, or between, broadcasts. */
const ODDITIES: readonly ((offset: number) => readonly Buffer[])[] = [
  () => [],
  (offset) => [commentary(offset), commentary(offset)],
  (offset) => [commentary(offset + 1), commentary(offset)],
  (offset) => [commentary(offset, { matchId: plan.matchId + 1 })],
  (offset) => [commentary(offset, { publisher: PUBLISHER + 1 })],
  (offset) => [commentary(offset, { runId: 'other' })],
  (offset) => [frame(0x80 | OPCODE.ping, Buffer.from('p')), commentary(offset)],
  (offset) => [textFrame({ type: 'pong' }), commentary(offset)],
  (offset) => [frame(0x80 | OPCODE.text, Buffer.from(`{"type":"commentary","offset":${offset}`))],
  (offset) => {
    const whole = commentary(offset).subarray(4);
    return [frame(OPCODE.text, whole.subarray(0, 60)), frame(0x80, whole.subarray(60))];
  },
];

/** All clients of a worker over readers of one kind: what the books say afterwards. */
function booksOf(
  reads: readonly { readonly client: number; readonly bytes: Buffer }[],
  readerOf: (client: number, recorder: DeliveryRecorder) => FrameReader,
) {
  const recorder = new DeliveryRecorder({
    plan,
    clients: CLIENTS,
    slowReaders: 1,
    publisher: PUBLISHER,
    workload: createWorkload(plan),
  });
  const readers = Array.from({ length: CLIENTS }, (_, client) => readerOf(client, recorder));
  recorder.load({ startUs: 0, measureStartUs: 1_000_000, measureEndUs: 3_000_000 });
  let pings = 0;
  for (const [index, { client, bytes }] of reads.entries()) {
    const sink: FrameSink = {
      onText: (buffer, start, end) => recorder.read(client, buffer, start, end),
      onBinary: () => recorder.binary(),
      onPing: () => {
        pings += 1;
      },
      onClose: () => undefined,
      onViolation: (what) => expect(what).toBe(''),
    };
    recorder.received(1_500_000 + index * 1_000);
    readers[client]?.push(bytes, 0, bytes.length, sink);
  }
  return { ...recorder.report([0, 1, 2, 3]), slow: recorder.slowBooks(), pings };
}

const stream = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: ODDITIES.length - 1 }) },
  ),
  { minLength: 1, maxLength: 40 },
);

/** Each client's bytes, cut anywhere, the reads of all in turn. */
function readsOf(streams: readonly (readonly (number | null)[])[], cuts: readonly number[]) {
  const joined = textFrame({ type: 'subscribed', matchId: plan.matchId, epoch: 'e', offset: 0 });
  const left = streams.map((steps, client) => ({
    client,
    bytes: Buffer.concat([
      joined,
      ...steps.flatMap((odd, index) =>
        odd === null ? [commentary(index + 1)] : (ODDITIES[odd]?.(index + 1) ?? []),
      ),
    ]),
  }));
  const reads: { client: number; bytes: Buffer }[] = [];
  for (let turn = 0; left.some(({ bytes }) => bytes.length > 0); turn += 1) {
    for (const each of left) {
      const length = cuts[(turn * CLIENTS + each.client) % cuts.length] ?? 1;
      if (each.bytes.length > 0) reads.push({ client: each.client, bytes: each.bytes.subarray(0, length) });
      each.bytes = each.bytes.subarray(length);
    }
  }
  return reads;
}

describe('BroadcastReader', () => {
  it('leaves the same books as parsing every message, whatever comes and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.tuple(stream, stream, stream),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 9 }),
        fc.constantFrom(300, 1_000, 100_000),
        (streams, cuts, capacityBytes) => {
          const reads = readsOf(streams, cuts);
          const shared = new SharedBroadcasts({ bytes: capacityBytes });
          const known = booksOf(reads, (client, recorder) => new BroadcastReader(client, recorder, shared));
          expect(known).toEqual(booksOf(reads, () => new FrameParser()));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('parses once what all are sent', () => {
    const steps = Array.from({ length: 200 }, () => null);
    const parsed = parsedOf(readsOf([steps, steps, steps], [2_000]));
    // Besides the first client's: the answers to joining, and what a read has cut in two.
    expect(parsed).toBeGreaterThanOrEqual(200);
    expect(parsed).toBeLessThan(330);
  });

  it('knows a message for the others that the first one got in two reads', () => {
    const joined = textFrame({ type: 'subscribed', matchId: plan.matchId, epoch: 'e', offset: 0 });
    const bytes = Buffer.concat([1, 2, 3, 4].map((offset) => commentary(offset)));
    const first = [bytes.subarray(0, 250), bytes.subarray(250)];
    const reads = [
      ...[0, 1].map((client) => ({ client, bytes: joined })),
      ...first.map((part) => ({ client: 0, bytes: part })),
      { client: 1, bytes },
    ];
    // The two answers, the first client's four, and the first of the second, who had none before.
    expect(parsedOf(reads)).toBe(2 + 4 + 1);
  });
});

/** How many messages were parsed, not compared. */
function parsedOf(reads: Parameters<typeof booksOf>[0]): number {
  const shared = new SharedBroadcasts();
  let parsed = 0;
  booksOf(reads, (client, recorder) => {
    const reader = new BroadcastReader(client, recorder, shared);
    return {
      push: (bytes, start, end, sink) =>
        reader.push(bytes, start, end, {
          ...sink,
          onText: (buffer, from, to) => {
            parsed += 1;
            sink.onText(buffer, from, to);
          },
        }),
    };
  });
  return parsed;
}
