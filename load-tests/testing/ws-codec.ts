/** The frame codec inside `ws`, which its types leave out: the reference that our own is tested against. */

import type { Writable } from 'node:stream';
import * as ws from 'ws';

interface FrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
}

interface WsInternals {
  readonly Receiver: new (options: { readonly isServer: boolean }) => Writable;
  readonly Sender: { frame(data: Buffer, options: FrameOptions): readonly Buffer[] };
}

const { Receiver, Sender } = ws as unknown as WsInternals;

/** What a reader of frames found, in order. */
export type FrameEvent = readonly [kind: 'text' | 'binary' | 'ping' | 'close' | 'violation', detail: string];

/** One unmasked frame, as a server sends it. */
export function serverFrame(opcode: number, payload: Buffer, isFinal = true): Buffer {
  return Buffer.concat(
    Sender.frame(payload, { fin: isFinal, opcode, mask: false, readOnly: true, rsv1: false }),
  );
}

/** What `ws` makes of these reads. */
export async function readWithWs(
  reads: readonly Buffer[],
  isServer: boolean,
): Promise<readonly FrameEvent[]> {
  const events: FrameEvent[] = [];
  const receiver = new Receiver({ isServer });
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    events.push([isBinary ? 'binary' : 'text', data.toString('latin1')]),
  );
  receiver.on('ping', (data: Buffer) => events.push(['ping', data.toString('latin1')]));
  receiver.on('conclude', (code: number) => events.push(['close', String(code)]));
  receiver.on('error', () => events.push(['violation', '']));
  for (const read of reads) {
    if (receiver.destroyed) break;
    receiver.write(read);
    // Its stream machinery hands the next read over a turn later.
    await new Promise(setImmediate);
  }
  return events;
}
