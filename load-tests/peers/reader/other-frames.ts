/** Frames beside the ticks: greetings, Socket.IO's packets, what `/ticks` says of ticks it left out, pings, closing. */

export type OtherFrame =
  | { readonly kind: 'nothing' }
  /** Sent for the protocol's sake, and answered. */
  | { readonly kind: 'answer'; readonly text: string }
  /** The connection has joined: messages follow. */
  | { readonly kind: 'joined' }
  /** `/ticks` greets: the next tick has this number. */
  | { readonly kind: 'next'; readonly seq: number }
  /** `/ticks` left out so many ticks for this reader. */
  | { readonly kind: 'skipped'; readonly count: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'corrupt' };

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const NOTHING: OtherFrame = { kind: 'nothing' };

/** @param text payload as latin1 */
export function readOtherFrame(framing: 'websocket' | 'socket.io', opcode: number, text: string): OtherFrame {
  if (opcode === OPCODE.close) return { kind: 'close' };
  if (opcode === OPCODE.ping || opcode === OPCODE.pong) return NOTHING;
  if (opcode !== OPCODE.text) return { kind: 'corrupt' };
  return framing === 'socket.io' ? readSocketIoPacket(text) : readControlText(text);
}

/**
 * @see https://socket.io/docs/v4/engine-io-protocol/
 * @see https://socket.io/docs/v4/socket-io-protocol/
 */
function readSocketIoPacket(text: string): OtherFrame {
  // The head of a binary event; the event itself follows as a binary frame.
  if (text.startsWith('451-')) return NOTHING;
  // Engine.IO's handshake: the client asks for the main namespace.
  if (text.startsWith('0{')) return { kind: 'answer', text: '40' };
  if (text.startsWith('40')) return { kind: 'joined' };
  if (text === '2') return { kind: 'answer', text: '3' };
  return { kind: 'corrupt' };
}

function readControlText(text: string): OtherFrame {
  const message = parse(text);
  if (message === null) return { kind: 'corrupt' };
  if (message['type'] === 'hello' && typeof message['seq'] === 'number') {
    return { kind: 'next', seq: message['seq'] + 1 };
  }
  if (message['type'] === 'conflated' && typeof message['skipped'] === 'number') {
    return { kind: 'skipped', count: message['skipped'] };
  }
  // Greetings: welcome, joined, subscribed.
  return NOTHING;
}

function parse(text: string): Partial<Record<string, unknown>> | null {
  if (!text.startsWith('{"type":')) return null;
  try {
    return { ...JSON.parse(text) };
  } catch {
    return null;
  }
}
