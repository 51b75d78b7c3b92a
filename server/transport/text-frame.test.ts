import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { LastTextFrame, textFrame } from './text-frame.ts';

/** The types of ws leave its Sender out. */
const { Sender } = ws as unknown as { Sender: { frame(payload: Buffer, options: object): Buffer[] } };

function frameOfWs(payload: Buffer): Buffer {
  const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true } as const;
  return Buffer.concat(Sender.frame(payload, options));
}

describe('textFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('is the frame of ws at %i bytes', (length) => {
    const payload = Buffer.alloc(length, 'x');

    expect(textFrame(payload).equals(frameOfWs(payload))).toBe(true);
  });

  it('is the frame of ws for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const payload = Buffer.from(text);
        expect(textFrame(payload).equals(frameOfWs(payload))).toBe(true);
      }),
    );
  });

  it('does not hold a slab of the buffer pool', () => {
    expect(textFrame(Buffer.from('short')).buffer.byteLength).toBe(7);
  });
});

describe('LastTextFrame', () => {
  it('frames a payload once for all who are sent it, and another anew', () => {
    const frames = new LastTextFrame();
    const payload = Buffer.from('one');

    const first = frames.of(payload);

    expect(frames.of(payload)).toBe(first);
    expect(frames.of(Buffer.from('one'))).not.toBe(first);
    expect(frames.of(Buffer.from('two')).subarray(2).toString()).toBe('two');
  });
});
