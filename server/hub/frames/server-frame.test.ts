import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { frameBytes, headerBytes, OPCODE, type Opcode, serverFrame } from './server-frame.ts';

/** The types of ws leave its Sender out. */
const { Sender } = ws as unknown as { Sender: { frame(payload: Buffer, options: object): Buffer[] } };

function frameOfWs(payload: Buffer, opcode: Opcode): Buffer {
  const options = { fin: true, rsv1: false, opcode, mask: false, readOnly: true } as const;
  return Buffer.concat(Sender.frame(payload, options));
}

describe('serverFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('is the frame of ws at %i bytes', (length) => {
    const payload = Buffer.alloc(length, 'x');
    for (const opcode of Object.values(OPCODE)) {
      const frame = serverFrame(payload, opcode);
      expect(frame.equals(frameOfWs(payload, opcode))).toBe(true);
      expect([frameBytes(length), headerBytes(length)]).toEqual([
        frame.byteLength,
        frame.byteLength - length,
      ]);
    }
  });

  it('is the frame of ws for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const payload = Buffer.from(text);
        expect(serverFrame(payload).equals(frameOfWs(payload, OPCODE.text))).toBe(true);
      }),
    );
  });

  it('does not hold a slab of the buffer pool', () => {
    expect(serverFrame(Buffer.from('short')).buffer.byteLength).toBe(7);
  });
});
