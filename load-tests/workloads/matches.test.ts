import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLedgerText } from '../generator/ledger/ledger-entry.ts';
import { testPlan } from '../testing/load-plans.ts';
import { createMatchesWorkload } from './matches.ts';
import type { ServerEvent } from './workload.ts';

const plan = testPlan({ wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' });
const entry = { publisher: 2, seq: 41, intendedUs: 1_500.25, sentUs: 1_600.5 };
const entryText = formatLedgerText(plan.runId, entry, 120);

function read(message: unknown) {
  const workload = createMatchesWorkload(plan);
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  // Other bytes around it: only what lies in the range may count.
  const bytes = Buffer.from(`####${text}####`);
  const event = workload.read(bytes, 4, bytes.length - 4);
  return { event, ...workload.reading };
}

function commentary(changes: Record<string, unknown> = {}, text = entryText) {
  const data = { id: 9, minute: 1, text, createdAt: 1_700_000_000_000, publishedAtNs: '123' };
  return { type: 'commentary', matchId: plan.matchId, offset: 42, data, ...changes };
}

describe('the matches workload', () => {
  it('reads a delivery out of the bytes of our server', () => {
    expect(read(commentary())).toMatchObject({ event: 'delivery', offset: 42, entry });
  });

  it('reads the same delivery however its JSON is written', () => {
    const { type, matchId, offset, data } = commentary();
    const { text, ...rest } = data as { text: string };
    expect(read({ offset, data, matchId, type })).toMatchObject({ event: 'delivery', offset: 42, entry });
    expect(read(JSON.stringify(commentary(), null, 2))).toMatchObject({
      event: 'delivery',
      offset: 42,
      entry,
    });
    expect(read({ type, matchId, offset, data: { text, ...rest } })).toMatchObject({
      event: 'delivery',
      entry,
    });
    expect(read(JSON.stringify(commentary()).replace('tl1:', '\\u0074l1:'))).toMatchObject({
      event: 'delivery',
      entry,
    });
  });

  it.each<[string, unknown, ServerEvent]>([
    ['another match', commentary({ matchId: plan.matchId + 1 }), 'wrong-room'],
    ['a match whose number begins like ours', commentary({ matchId: plan.matchId * 10 }), 'wrong-room'],
    ['a text of someone else', commentary({}, 'a goal'), 'foreign'],
    ['an entry of another run', commentary({}, formatLedgerText('other', entry, 60)), 'foreign'],
    ['no offset', commentary({ offset: undefined }), 'corrupt'],
    ['no item', commentary({ data: null }), 'corrupt'],
    ['a welcome', { type: 'welcome', user_id: 'a' }, 'welcome'],
    ['a pong', { type: 'pong' }, 'pong'],
    [
      'an acknowledgement of another match',
      { type: 'subscribed', matchId: 1, epoch: 'e', offset: 3 },
      'other',
    ],
    ['a number', 17, 'corrupt'],
    ['nothing', '', 'corrupt'],
  ])('knows %s', (_what, message, event) => {
    expect(read(message).event).toBe(event);
  });

  it('reads memberships and errors', () => {
    const { matchId } = plan;
    expect(read({ type: 'subscribed', matchId, epoch: 'e', offset: 3 })).toMatchObject({
      event: 'joined',
      offset: 3,
    });
    expect(read({ type: 'unsubscribed', matchId, offset: 8 })).toMatchObject({ event: 'left', offset: 8 });
    expect(read({ type: 'error', code: 'rate_limit', message: 'Too many messages' })).toMatchObject({
      event: 'error',
      error: 'rate_limit',
    });
  });

  it('asks for what it missed, and reads each message it is given back', () => {
    const workload = createMatchesWorkload(plan);
    const { matchId } = plan;
    expect(JSON.parse(workload.resumeText({ epoch: 'e"1', offset: 41 }))).toEqual({
      type: 'subscribe',
      matchId,
      since: { epoch: 'e"1', offset: 41 },
    });
    const missed = [commentary(), commentary({ offset: 43 }, 'a goal'), 'half'];
    const answer = { type: 'subscribed', matchId, epoch: 'e2', offset: 43, recovered: true, missed };
    const bytes = Buffer.from(JSON.stringify(answer));
    expect(workload.read(bytes, 0, bytes.length)).toBe('joined');
    expect(workload.reading).toMatchObject({
      epoch: 'e2',
      offset: 43,
      resume: { recovered: true, missed: 3 },
    });
    expect(workload.readMissed(0)).toBe('delivery');
    expect(workload.reading).toMatchObject({ offset: 42, entry });
    expect(workload.readMissed(1)).toBe('foreign');
    expect(workload.readMissed(2)).toBe('corrupt');
    expect(workload.readMissed(3)).toBe('corrupt');
  });

  it.each([
    [
      { recovered: false, reason: 'gap_too_old' },
      { recovered: false, reason: 'gap_too_old' },
    ],
    [{ recovered: false }, { recovered: false, reason: 'unnamed' }],
    [{ recovered: true }, { recovered: true, missed: 0 }],
    [{}, null],
  ])('reads what came of a resume: %j', (said, resume) => {
    const joined = { type: 'subscribed', matchId: plan.matchId, epoch: 'e', offset: 3, ...said };
    expect(read(joined)).toMatchObject({ event: 'joined', offset: 3, resume });
  });

  it('finds out every message that was cut short', () => {
    const whole = JSON.stringify(commentary());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(read(whole.slice(0, length)).event).toBe('corrupt');
      }),
      { numRuns: 200 },
    );
  });

  it('takes invalid UTF-8 for corrupt', () => {
    const bytes = Buffer.from([...Buffer.from('{"type":"welcome","a":"'), 0xff, ...Buffer.from('"}')]);
    expect(createMatchesWorkload(plan).read(bytes, 0, bytes.length)).toBe('corrupt');
  });

  it('publishes what it will recognise', () => {
    const workload = createMatchesWorkload(plan);
    const { path, body } = workload.publishRequest(entry);
    expect(path).toBe(`/matches/${plan.matchId}/commentary`);
    const { minute, text } = JSON.parse(body);
    expect(minute).toBe(1);
    expect(text).toHaveLength(plan.textLength);
    expect(read(commentary({}, text))).toMatchObject({ event: 'delivery', entry });
  });

  it('reads the offset of a 201, or none', () => {
    const workload = createMatchesWorkload(plan);
    expect(workload.acceptedOffset('{"id":1,"offset":12}')).toBe(12);
    for (const body of ['', '[]', '{"offset":-1}', '{"offset":"12"}', 'null']) {
      expect(workload.acceptedOffset(body)).toBeNull();
    }
  });
});
