import { describe, expect, it } from 'vitest';
import { knownBroadcasts } from './known-broadcasts.ts';

const accepted = [
  { offset: 11, sentUs: 10 },
  { offset: 13, sentUs: 30 },
];

describe('known broadcasts', () => {
  it('are the accepted ones', () => {
    expect(knownBroadcasts(accepted, [], [])).toEqual(accepted);
  });

  it.each([true, false])(
    'include a request without an offset once a client saw its message',
    (isAccepted) => {
      const unconfirmed = [{ seq: 1, sentUs: 20, isAccepted }];
      expect(knownBroadcasts(accepted, unconfirmed, [{ seq: 1, offset: 12 }])).toEqual([
        { offset: 11, sentUs: 10 },
        { offset: 12, sentUs: 20 },
        { offset: 13, sentUs: 30 },
      ]);
    },
  );

  it('do not include a failed request that nobody saw', () => {
    expect(knownBroadcasts(accepted, [{ seq: 1, sentUs: 20, isAccepted: false }], [])).toEqual(accepted);
  });

  it('include an accepted one that nobody saw, beside the one sent before it', () => {
    const unconfirmed = [5, 20, 40].map((sentUs, seq) => ({ seq, sentUs, isAccepted: true }));
    expect(knownBroadcasts(accepted, unconfirmed, [])).toEqual([
      { offset: 11, sentUs: 5 },
      { offset: 11, sentUs: 10 },
      { offset: 11, sentUs: 20 },
      { offset: 13, sentUs: 30 },
      { offset: 13, sentUs: 40 },
    ]);
  });

  it('stand at the start of the room where nothing was ever seen', () => {
    expect(knownBroadcasts([], [{ seq: 0, sentUs: 1, isAccepted: true }], [])).toEqual([
      { offset: 1, sentUs: 1 },
    ]);
  });
});
