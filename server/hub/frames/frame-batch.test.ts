import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachFrame } from './each-frame.ts';
import { FrameBatch } from './frame-batch.ts';
import { OPCODE, serverFrame } from './server-frame.ts';

const text = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(125, 126, 65_535, 65_536).map((length) => 'x'.repeat(length)) },
);

function taken(frames: Buffer): string[] {
  const texts: string[] = [];
  eachFrame(frames, (payload) => void texts.push(payload.toString()));
  return texts;
}

function filled(texts: readonly string[]): FrameBatch {
  const batch = new FrameBatch();
  texts.forEach((each, index) => {
    batch.add(each, index);
  });
  return batch;
}

describe('FrameBatch', () => {
  it('is the frames of its texts, side by side', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        const { bytes, count, payloadBytes } = filled(texts).frames();
        expect(bytes.equals(Buffer.concat(texts.map((each) => serverFrame(Buffer.from(each)))))).toBe(true);
        expect(count).toBe(texts.length);
        expect(payloadBytes).toBe(Buffer.byteLength(texts.join('')));
        expect(taken(bytes)).toEqual(texts);
      }),
    );
  });

  it('gives what stands behind a place', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), fc.array(text, { maxLength: 20 }), (before, after) => {
        const batch = filled(before);
        const place = batch.end();
        for (const each of after) batch.add(each, 0);
        const rest = batch.frames(place);
        expect(taken(rest.bytes)).toEqual(after);
        expect([rest.count, rest.payloadBytes]).toEqual([after.length, Buffer.byteLength(after.join(''))]);
      }),
    );
  });

  it('writes over its buffer, unless a socket holds it', () => {
    const batch = filled(['one']);
    const held = batch.frames().bytes;
    batch.isHeld = true;
    batch.clear();
    batch.add('two', 0);
    expect(taken(held)).toEqual(['one']);
    const free = batch.frames().bytes;
    batch.clear();
    batch.add('six', 0);
    expect(taken(free)).toEqual(['six']);
  });

  it('does not hold a slab of the buffer pool', () => {
    expect(filled(['short']).frames().bytes.buffer.byteLength).toBe(1_024);
  });
});

describe('eachFrame', () => {
  it('tells binary messages from texts', () => {
    const frames = Buffer.concat([
      serverFrame(Buffer.from([1, 2]), OPCODE.binary),
      serverFrame(Buffer.from('text')),
    ]);
    const kinds: boolean[] = [];
    eachFrame(frames, (_payload, isBinary) => void kinds.push(isBinary));
    expect(kinds).toEqual([true, false]);
  });
});
