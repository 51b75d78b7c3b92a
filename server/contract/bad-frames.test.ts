/** Frames that no WebSocket library sends: they end their connection, with the code where the engine sends one. */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CLOSE } from '../protocol/close-codes.ts';
import type { EngineName } from '../protocol/engine-names.ts';
import { Bystander } from '../testing/bystander.ts';
import { contract } from '../testing/contract.ts';
import { maskedFrame, RawPeer } from '../testing/raw-peer.ts';

const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;

interface BadFrames {
  readonly title: string;
  readonly frames: readonly Buffer[];
  /** The code on the wire and in our records. */
  readonly code: number;
  /** uWS cuts without a close frame: what our records say then. */
  readonly cutByUws?: number;
  /** uWS takes no notice. */
  readonly onlyWs?: boolean;
}

const CASES: readonly BadFrames[] = [
  { title: 'oversized', frames: [maskedFrame(TEXT_FRAME, 'x'.repeat(65_537))], code: CLOSE.tooLarge.code },
  {
    title: 'oversized by its header alone',
    frames: [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1, 2, 3, 4])],
    code: CLOSE.tooLarge.code,
    cutByUws: CLOSE.tooLarge.code,
  },
  {
    title: 'oversized in fragments',
    frames: [maskedFrame(0x01, 'x'.repeat(60_000)), maskedFrame(0x80, 'x'.repeat(6_000))],
    code: CLOSE.tooLarge.code,
  },
  {
    title: 'in too many fragments',
    frames: [maskedFrame(0x01, 'x'), ...Array.from({ length: 1_100 }, () => maskedFrame(0x00, 'x'))],
    code: CLOSE.tooManyFragments.code,
    onlyWs: true,
  },
  {
    title: 'invalid UTF-8',
    frames: [maskedFrame(TEXT_FRAME, Buffer.from([0xc3, 0x28]))],
    code: CLOSE.invalidText.code,
    cutByUws: CLOSE.invalidText.code,
  },
  {
    title: 'unmasked',
    frames: [Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    code: CLOSE.frameError.code,
    onlyWs: true,
  },
  ...(
    [
      ['with reserved bits', maskedFrame(0xc1, '{}')],
      ['of an unknown opcode', maskedFrame(0x83, '{}')],
      ['a fragmented ping', maskedFrame(0x09, 'x')],
      ['a continuation of nothing', maskedFrame(0x80, 'x')],
    ] as const
  ).map(([title, frame]) => ({
    title,
    frames: [frame],
    code: CLOSE.frameError.code,
    cutByUws: CLOSE.lost.code,
  })),
];

contract('frames that break RFC 6455', (engine) => {
  let bystander: Bystander;
  beforeAll(async () => {
    bystander = await Bystander.start({ ENGINE: engine });
  });
  afterEach(() => bystander.isUndisturbed());
  afterAll(() => bystander.stop());

  it.each(casesOf(engine))('$title', async ({ frames, code, cutByUws }) => {
    const isCut = engine === 'uws' && cutByUws !== undefined;
    const recorded = isCut ? cutByUws : code;
    const before = bystander.closedWith(recorded);
    const peer = await RawPeer.upgrade(bystander.server.wsUrl);
    for (const frame of frames) peer.write(frame);
    if (isCut) await peer.closed;
    else expect(await peer.readCloseCode()).toBe(code);
    peer.destroy();
    await bystander.isAlone();
    expect(bystander.closedWith(recorded)).toBe(before + 1);
    const initiator = recorded === CLOSE.lost.code ? 'client' : 'server';
    expect(bystander.server.sources.closedConnections()[0]).toMatchObject({ code: recorded, initiator });
  });

  it('a message in a few fragments is none of these', async () => {
    const peer = await RawPeer.upgrade(bystander.server.wsUrl);
    for (const [first, part] of [
      [0x01, '{"type"'],
      [0x00, ':"pi'],
      [0x80, 'ng"}'],
    ] as const) {
      peer.write(maskedFrame(first, part));
    }
    await peer.readUntil('{"type":"pong"}');
    peer.destroy();
    await bystander.isAlone();
  });

  it('a binary frame of any size below the limit does no harm', async () => {
    const peer = await RawPeer.upgrade(bystander.server.wsUrl);
    peer.write(maskedFrame(BINARY_FRAME, Buffer.alloc(65_536)));
    await peer.readUntil('binary_unsupported');
    peer.destroy();
    await bystander.isAlone();
  });

  it('a reset in the middle of a frame is counted as abnormal', async () => {
    const before = bystander.closedWith(CLOSE.lost.code);
    const peer = await RawPeer.upgrade(bystander.server.wsUrl);
    peer.write(maskedFrame(TEXT_FRAME, '{"type":"ping"}').subarray(0, 5));
    peer.socket.resetAndDestroy();
    await bystander.isAlone();
    expect(bystander.closedWith(CLOSE.lost.code)).toBe(before + 1);
  });
});

function casesOf(engine: EngineName): readonly BadFrames[] {
  return CASES.filter(({ onlyWs }) => engine === 'ws' || onlyWs !== true);
}
