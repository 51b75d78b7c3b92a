import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameEvent, readWithWs, serverFrame } from '../../testing/ws-codec.ts';
import { FrameParser, type FrameSink, OPCODE } from './frame-parser.ts';
import { closeFrame, maskedFrame } from './frame-writer.ts';

class RecordingSink implements FrameSink {
  readonly events: FrameEvent[] = [];

  onText(bytes: Buffer, start: number, end: number): void {
    this.events.push(['text', bytes.toString('latin1', start, end)]);
  }
  onBinary(bytes: Buffer, start: number, end: number): void {
    this.events.push(['binary', bytes.toString('latin1', start, end)]);
  }
  onPing(bytes: Buffer, start: number, end: number): void {
    this.events.push(['ping', bytes.toString('latin1', start, end)]);
  }
  onClose(code: number): void {
    this.events.push(['close', String(code)]);
  }
  onViolation(): void {
    this.events.push(['violation', '']);
  }
}

/** Reads as a socket does: every read lands in the same buffer, at its start. */
function readWithOurs(reads: readonly Buffer[]): readonly FrameEvent[] {
  const sink = new RecordingSink();
  const parser = new FrameParser();
  const shared = Buffer.alloc(Math.max(...reads.map((read) => read.length), 0));
  for (const read of reads) {
    shared.fill(0xee);
    read.copy(shared);
    parser.push(shared, 0, read.length, sink);
  }
  return sink.events;
}

/** Cuts bytes at the given shares of their length. */
function cut(bytes: Buffer, shares: readonly number[]): readonly Buffer[] {
  const places = [...new Set(shares.map((share) => Math.floor(share * bytes.length)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

/** Every length form and its edges. */
const payload = fc
  .tuple(
    fc.constantFrom(0, 1, 20, 125, 126, 127, 300, 65_535, 65_536, 70_000),
    fc.integer({ min: 97, max: 122 }),
  )
  .map(([length, letter]) => Buffer.alloc(length, letter));
const control = fc.oneof(
  fc.constantFrom(0, 1, 125).map((length) => serverFrame(OPCODE.ping, Buffer.alloc(length, 0x70))),
  fc.constantFrom(0, 4).map((length) => serverFrame(OPCODE.pong, Buffer.alloc(length, 0x70))),
);
/** A message in one frame or several, with control frames between them. */
const message = fc
  .tuple(
    fc.constantFrom(OPCODE.text, OPCODE.binary),
    fc.array(payload, { minLength: 1, maxLength: 4 }),
    fc.array(control, { minLength: 4, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .map(([opcode, parts, controls, hasControl]) =>
    Buffer.concat(
      parts.flatMap((part, index) => [
        serverFrame(index === 0 ? opcode : OPCODE.continuation, part, index === parts.length - 1),
        ...(hasControl[index] === true ? [controls[index] ?? Buffer.alloc(0)] : []),
      ]),
    ),
  );
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('FrameParser', () => {
  it('reads what ws reads, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 5 }), shares, async (messages, where) => {
        const reads = cut(Buffer.concat(messages), where);
        expect(readWithOurs(reads)).toEqual(await readWithWs(reads, false));
      }),
      { numRuns: 60 },
    );
  });

  it('reads byte by byte', () => {
    const bytes = Buffer.concat([
      serverFrame(OPCODE.text, Buffer.from('short')),
      serverFrame(OPCODE.text, Buffer.alloc(0)),
      serverFrame(OPCODE.text, Buffer.alloc(200, 'm')),
      serverFrame(OPCODE.ping, Buffer.alloc(0)),
      serverFrame(OPCODE.text, Buffer.alloc(66_000, 'l')),
    ]);
    const reads = Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1));
    expect(readWithOurs(reads)).toEqual([
      ['text', 'short'],
      ['text', ''],
      ['text', 'm'.repeat(200)],
      ['ping', ''],
      ['text', 'l'.repeat(66_000)],
    ]);
  });

  it.each<[string, readonly number[]]>([
    ['reserved bits', [0xc1, 0x00]],
    ['a masked frame', [0x81, 0x81, 1, 2, 3, 4, 0x60]],
    ['an unknown data opcode', [0x83, 0x00]],
    ['an unknown control opcode', [0x8b, 0x00]],
    ['a fragmented ping', [0x09, 0x00]],
    ['a long ping', [0x89, 126, 0, 126, ...new Array<number>(126).fill(0)]],
    ['a continuation of nothing', [0x80, 0x00]],
    ['a new message inside a fragmented one', [0x01, 0x00, 0x81, 0x00]],
    ['a close code of one byte', [0x88, 0x01, 0x03]],
    ['a close code that nobody may send', [0x88, 0x02, 0x03, 0xee]],
    ['a close code below them all', [0x88, 0x02, 0x00, 0x05]],
    ['a close code beyond them all', [0x88, 0x02, 0x13, 0x88]],
  ])('refuses %s, as ws does', async (_what, bytes) => {
    const reads = [Buffer.from(bytes)];
    expect(readWithOurs(reads)).toEqual([['violation', '']]);
    expect(await readWithWs(reads, false)).toEqual([['violation', '']]);
  });

  it('refuses a length that no message has, before it takes memory', () => {
    expect(readWithOurs([Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0])])).toEqual([['violation', '']]);
  });

  it('refuses a length whose top bit is set', () => {
    expect(readWithOurs([Buffer.from([0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0])])).toEqual([['violation', '']]);
  });

  it.each([
    ['empty', Buffer.alloc(0), 5_000],
    ['short', Buffer.alloc(1, 'a'), 5_000],
    ['long', Buffer.alloc(60_000, 'a'), 20],
  ])('refuses a message of endless %s fragments', (_length, part, fragments) => {
    const start = serverFrame(OPCODE.text, part, false);
    const more = Buffer.concat(
      Array.from({ length: fragments }, () => serverFrame(OPCODE.continuation, part, false)),
    );
    expect(readWithOurs([start, more, more])).toEqual([['violation', '']]);
  });

  it('takes nothing after a close frame or a violation', () => {
    const after = serverFrame(OPCODE.text, Buffer.from('late'));
    expect(
      readWithOurs([Buffer.concat([serverFrame(OPCODE.close, Buffer.from([0x0f, 0xa2])), after]), after]),
    ).toEqual([['close', '4002']]);
    expect(readWithOurs([Buffer.from([0xc1]), Buffer.from([0x00]), after])).toEqual([['violation', '']]);
    expect(readWithOurs([serverFrame(OPCODE.close, Buffer.alloc(0))])).toEqual([['close', '1005']]);
  });
});

describe('what clients write', () => {
  it('is read by ws as it was meant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(OPCODE.text, OPCODE.binary), payload, async (opcode, content) => {
        expect(await readWithWs([maskedFrame(opcode, content)], true)).toEqual([
          [opcode === OPCODE.text ? 'text' : 'binary', content.toString('latin1')],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('masks with a fresh key each time', () => {
    const content = Buffer.from('the same');
    expect(maskedFrame(OPCODE.text, content)).not.toEqual(maskedFrame(OPCODE.text, content));
  });

  it('closes with a code', async () => {
    expect(await readWithWs([closeFrame(1000)], true)).toEqual([['close', '1000']]);
  });
});
