import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { churnPlan } from '../../../testing/churn-plans.ts';
import { createMatchesWorkload } from '../../../workloads/matches.ts';
import { formatLedgerText } from '../../ledger/ledger-entry.ts';
import { settleLedger } from '../../ledger/settle-ledger.ts';
import { Absences } from './churn-absences.ts';
import { RoomBooks } from './churn-room-books.ts';

const plan = churnPlan({ wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' });
const { matchId } = plan;
const PUBLISHER = 3;
const EPOCH = 'e1';

/** The room's message at an offset; each broadcast has the sequence before its offset. */
function commentary(offset: number, publisher = PUBLISHER) {
  const text = formatLedgerText(plan.runId, { publisher, seq: offset - 1, intendedUs: 1, sentUs: 2 }, 80);
  const data = { id: offset, minute: 1, text, createdAt: 1_700_000_000_000, publishedAtNs: '1' };
  return { type: 'commentary', matchId, offset, data };
}

/** One client's side of a room, fed with what a server might send. */
class Listener {
  readonly workload = createMatchesWorkload(plan);
  readonly books = new RoomBooks({ clients: 1, publisher: PUBLISHER, workload: this.workload });
  readonly absences = new Absences(this.books, this.workload);

  hear(message: unknown): void {
    const bytes = Buffer.from(JSON.stringify(message));
    const event = this.workload.read(bytes, 0, bytes.length);
    this.books.enter(0, event);
    if (event === 'joined') this.absences.joined(0);
  }

  join(offset: number): void {
    this.hear({ type: 'subscribed', matchId, epoch: EPOCH, offset });
  }

  /** @returns what it says to come back */
  cut(): unknown {
    this.absences.begin(0);
    return JSON.parse(this.absences.resumeText(0));
  }

  comeBack(answer: Readonly<Record<string, unknown>>): string {
    const bytes = Buffer.from(JSON.stringify({ type: 'subscribed', matchId, epoch: EPOCH, ...answer }));
    expect(this.workload.read(bytes, 0, bytes.length)).toBe('joined');
    return this.absences.end(0, 1_000);
  }

  leave(offset: number): void {
    this.hear({ type: 'unsubscribed', matchId, offset });
  }

  /** Against a room of `length` messages, sent a µs apart. */
  settle(length: number) {
    const broadcasts = Array.from({ length }, (_, index) => ({ offset: index + 1, sentUs: index + 1 }));
    return settleLedger([this.books.ledger.books()], broadcasts);
  }
}

const messages = (from: number, to: number) =>
  Array.from({ length: Math.max(to - from, 0) }, (_, index) => commentary(from + 1 + index));

describe('a client that comes back', () => {
  it('asks for what came after its last message, and is owed each message once', () => {
    const client = new Listener();
    client.join(2);
    for (const message of messages(2, 5)) client.hear(message);
    expect(client.cut()).toEqual({ type: 'subscribe', matchId, since: { epoch: EPOCH, offset: 5 } });
    const answer = { offset: 9, recovered: true, missed: messages(5, 9) };
    expect(client.comeBack(answer)).toBe('recovered');
    for (const message of messages(9, 12)) client.hear(message);
    client.leave(12);
    expect(client.settle(12)).toMatchObject({ expected: 10, unique: 10, lost: 0, duplicated: 0 });
    const { absentFrom, absentTo, givenBack } = client.absences.report();
    expect([absentFrom[0], absentTo[0], givenBack]).toEqual([5, 9, 4]);
  });

  it('asks from its join when no message came', () => {
    const client = new Listener();
    client.join(8);
    expect(client.cut()).toMatchObject({ since: { epoch: EPOCH, offset: 8 } });
  });

  it.each([
    [{ recovered: false, reason: 'gap_too_old' }, 'gap_too_old'],
    [{}, 'unsaid'],
    [{ recovered: true, missed: [] }, 'recovered'],
  ])('has lost what is not given back: %j', (said, result) => {
    const client = new Listener();
    client.join(0);
    for (const message of messages(0, 3)) client.hear(message);
    client.cut();
    expect(client.comeBack({ offset: 200, ...said })).toBe(result);
    for (const message of messages(200, 202)) client.hear(message);
    client.leave(202);
    expect(client.settle(202)).toMatchObject({ expected: 202, unique: 5, lost: 197, duplicated: 0 });
    expect(client.absences.report().givenBack).toBe(0);
  });

  it('takes a copy that comes both live and given back for a duplicate', () => {
    const client = new Listener();
    client.join(0);
    client.cut();
    client.comeBack({ offset: 3, recovered: true, missed: messages(0, 3) });
    client.hear(commentary(3));
    client.hear(commentary(4));
    client.leave(4);
    expect(client.settle(4)).toMatchObject({ expected: 4, unique: 4, lost: 0, duplicated: 1, received: 5 });
  });

  it('counts what others wrote, and what is no message at all, as what it is', () => {
    const client = new Listener();
    client.join(0);
    client.cut();
    const missed = [commentary(1), commentary(2, PUBLISHER + 1), { half: true }, commentary(4)];
    client.comeBack({ offset: 4, recovered: true, missed });
    client.leave(4);
    const { unique, foreign, corrupt } = client.settle(0);
    expect([unique, foreign, corrupt]).toEqual([2, 1, 1]);
    expect(client.absences.report().givenBack).toBe(2);
  });

  it('is not measured by the offsets of another epoch', () => {
    const client = new Listener();
    client.join(50);
    for (const message of messages(50, 53)) client.hear(message);
    client.cut();
    const said = { epoch: 'e2', offset: 2, recovered: false, reason: 'epoch_changed' };
    expect(client.comeBack(said)).toBe('epoch_changed');
    expect(client.absences.isAdrift(0)).toBe(true);
    expect(client.settle(53)).toMatchObject({ expected: 3, unique: 3, lost: 0, wrongRoom: 0 });
    expect(client.absences.report().absentFrom).toHaveLength(0);
  });
});

describe('any interleaving of live, given back, repeated and lost messages', () => {
  /** How many copies of each message come, in order; a client gets at most `length` messages. */
  const copies = (length: number) => fc.array(fc.integer({ min: 0, max: 2 }), { minLength: length });
  const stages = fc
    .tuple(fc.nat(20), fc.nat(30), fc.nat(30), fc.nat(30))
    .chain(([joinAt, live, away, after]) =>
      fc.record({
        joinAt: fc.constant(joinAt),
        live: copies(live),
        early: fc.array(fc.nat(Math.max(away - 1, 0)), { maxLength: 3 }),
        away: copies(away),
        isRecovered: fc.boolean(),
        /** Messages of any time, given back although they were not missed, or already were. */
        surplus: fc.array(fc.integer({ min: 1, max: joinAt + live + away + 1 }), { maxLength: 4 }),
        after: copies(after),
      }),
    );

  it('is counted right', () => {
    fc.assert(
      fc.property(stages, ({ joinAt, live, early, away, isRecovered, surplus, after }) => {
        const client = new Listener();
        const heard: number[] = [];
        const repeat = (counts: readonly number[], from: number): number[] =>
          counts.flatMap((count, index) => Array.from({ length: count }, () => from + 1 + index));
        const hear = (offset: number): void => {
          heard.push(offset);
          client.hear(commentary(offset));
        };
        client.join(joinAt);
        const before = repeat(live, joinAt);
        before.forEach(hear);
        const lastSeen = Math.max(joinAt, ...before);
        const cutAt = joinAt + live.length;
        const backAt = cutAt + away.length;
        expect(client.cut()).toMatchObject({ since: { offset: lastSeen } });
        // A server may let live messages through before it has answered.
        if (away.length > 0) early.map((index) => cutAt + 1 + index).forEach(hear);
        const missed = isRecovered ? [...repeat(away, cutAt), ...surplus] : [];
        const known = new Set(heard);
        const firstCopies = missed.filter(
          (offset, index) => !known.has(offset) && missed.indexOf(offset) === index && offset > joinAt,
        );
        client.comeBack({
          offset: backAt,
          recovered: isRecovered,
          ...(isRecovered ? { missed: missed.map((offset) => commentary(offset)) } : {}),
        });
        heard.push(...missed);
        repeat(after, backAt).forEach(hear);
        const end = backAt + after.length;
        const highest = Math.max(end, ...heard);
        client.leave(end);
        const owed = heard.filter((offset) => offset > joinAt);
        const unique = new Set(owed).size;
        expect(client.settle(highest)).toMatchObject({
          expected: highest - joinAt,
          unique,
          lost: highest - joinAt - unique,
          duplicated: owed.length - unique,
          received: owed.length,
          wrongRoom: heard.length - owed.length,
          undetermined: 0,
        });
        const { absentFrom, absentTo, givenBack } = client.absences.report();
        expect([absentFrom[0], absentTo[0]]).toEqual([lastSeen, backAt]);
        const inAbsence = firstCopies.filter((offset) => offset > lastSeen && offset <= backAt);
        expect(givenBack).toBe(inAbsence.length);
      }),
      { numRuns: 500 },
    );
  });
});
