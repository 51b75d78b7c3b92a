import { describe, expect, it } from 'vitest';
import { encodeCommentary } from '../../../server/features/matches/commentary-json.ts';
import { readLedgerText, writeLedgerText } from './ledger-text.ts';
import { NextInOrder } from './next-in-order.ts';

const LEDGER = { seq: 3, intendedMs: 1_500, sentMs: 1_501 };
const item = (text: string) => ({ id: 7, minute: 45, text, createdAt: 1, publishedAtNs: '2' });
const message = (offset: number, { matchId = 5, text = writeLedgerText('run', LEDGER) } = {}) =>
  encodeCommentary({ matchId, offset }, item(text));

const next = new NextInOrder(5, 'run');

describe('NextInOrder', () => {
  it('finds the text of the message that is due, as the server writes it', () => {
    const due = message(42);
    const start = next.textStart(due, 42);
    expect(readLedgerText('run', due.slice(start))).toEqual(LEDGER);
  });

  it.each([
    ['one that was due before', message(41)],
    ['one whose number only begins alike', message(421)],
    ['one of another match', message(42, { matchId: 51 })],
    ['one of another run', message(42, { text: writeLedgerText('other', LEDGER) })],
    ['one that quotes this run in its text', message(42, { text: '"text":"tl1:run:0:1:1:1 ' })],
    ['one that is cut off', message(42).slice(0, -1)],
    ['another event', '{"type":"unsubscribed","matchId":5,"offset":42}'],
  ])('leaves %s to a parser', (_, text) => {
    expect(next.textStart(text, 42)).toBeUndefined();
  });
});
