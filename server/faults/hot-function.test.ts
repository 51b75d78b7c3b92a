import { describe, expect, it } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { createActiveFaults } from './active-faults.ts';

describe('hot-function', () => {
  it('burns for as long as it is told with each delivery, not with replies, and changes no message', () => {
    let nowMs = 0;
    const faults = createActiveFaults([{ name: 'hot-function', value: 3 }], () => {
      nowMs += 1;
      return nowMs;
    });
    const inner = new FakeSocket();
    const socket = faults.wrapSocket?.(inner) ?? inner;
    socket.send('a reply');
    expect(nowMs).toBe(0);
    socket.send(Buffer.from('a delivery'));
    socket.send(Buffer.from('another'));
    // The clock is looked at as it begins, and after each millisecond up to the third.
    expect(nowMs).toBe(2 * 4);
    expect(faults.injections()).toEqual({ 'hot-function': 2 });
    expect(inner.sent.map(String)).toEqual(['a reply', 'a delivery', 'another']);
  });
});
