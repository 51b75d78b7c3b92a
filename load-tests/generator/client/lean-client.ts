/**
 * A client on `net` that reads frames itself: all sockets of a process share one read buffer, so a message is
 * looked at where the kernel put it and a connection costs little more than its socket. `ws://` only.
 */

import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { monotonicUs } from '../monotonic-clock.ts';
import type { Client, ClientHandler, ClientOptions } from './client.ts';
import { FrameParser, type FrameReader, type FrameSink, OPCODE } from './frame-parser.ts';
import { closeFrame, maskedFrame } from './frame-writer.ts';
import { refusalOf, upgradeRequest } from './upgrade.ts';

/** An answer to an upgrade that is longer than this is no WebSocket server's. */
const MAX_HEAD_BYTES = 16_384;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Pongs wait here for a server that sends pings and reads nothing; beyond this the next ones are left out. */
const MAX_WAITING_BYTES = 16_384;
/** A server that sent its close frame and keeps the socket open has this long. */
const CLOSE_GRACE_MS = 1_000;

/** One buffer for all sockets: libuv fills it and calls back before it reads another socket. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Opens a connection to `ws://`; see {@link Client}.
 *
 * @param frames reads the frames, and may keep the messages to itself
 */
export function openLeanClient(options: ClientOptions, frames: FrameReader = new FrameParser()): Client {
  return new LeanClient(options, frames);
}

class LeanClient implements Client, FrameSink {
  readonly #client: number;
  readonly #handler: ClientHandler;
  readonly #socket: LeanSocket;
  readonly #frames: FrameReader;
  /** The Sec-WebSocket-Accept that is due; null once it came. */
  #accept: string | null;
  /** The part of the upgrade answer that came so far. */
  #head: Buffer | null = null;
  #isClosing = false;
  #isSilent = false;
  /** What the server answered our close frame with. */
  #closeCode: number | null = null;
  #isOver = false;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(options: ClientOptions, frames: FrameReader) {
    this.#frames = frames;
    this.#client = options.client;
    this.#handler = options.handler;
    const request = upgradeRequest(options.url);
    this.#accept = request.accept;
    this.#socket = new LeanSocket(this);
    this.#socket.setNoDelay(true);
    this.#socket.connect({
      host: options.address,
      port: Number(options.url.port || 80),
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    });
    this.#socket.write(request.text, 'latin1');
  }

  send(text: string): void {
    this.#socket.write(maskedFrame(OPCODE.text, Buffer.from(text)));
  }

  close(): void {
    if (this.#isClosing || this.#isOver) return;
    this.#isClosing = true;
    this.#socket.write(closeFrame(1000));
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  reset(): void {
    this.#isOver = true;
    this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  silence(): void {
    this.#isSilent = true;
  }

  /** Reads what lies in the shared buffer. */
  read(bytes: number): boolean {
    // What a server sends behind its close frame is nobody's.
    if (this.#isOver) return true;
    this.#handler.received(monotonicUs());
    if (this.#accept === null) this.#frames.push(readBuffer, 0, bytes, this);
    else this.#readHead(this.#accept, bytes);
    return true;
  }

  /** The socket is closed: after our closing handshake, or without any. */
  socketClosed(errorCode: string | null): void {
    clearTimeout(this.#closeTimer);
    if (this.#closeCode !== null) this.#end(`close_${this.#closeCode}`);
    else this.#end(errorCode ?? (this.#accept === null ? 'close_1006' : 'ECONNRESET'));
  }

  onText(bytes: Buffer, start: number, end: number): void {
    this.#handler.text(this.#client, bytes, start, end);
  }

  onBinary(bytes: Buffer, start: number, end: number): void {
    this.#handler.binary(this.#client, bytes, start, end);
  }

  onPing(bytes: Buffer, start: number, end: number): void {
    if (this.#isSilent) return;
    // One pong may answer several pings (RFC 6455, section 5.5.3).
    if (this.#socket.writableLength < MAX_WAITING_BYTES)
      this.#socket.write(maskedFrame(OPCODE.pong, bytes.subarray(start, end)));
  }

  /** Either the answer to ours, after which the server closes the socket, or the server's own, which wants ours. */
  onClose(code: number): void {
    if (this.#isClosing || this.#isSilent) {
      this.#closeCode = code;
      // A silent one gives no answer: the server must end the connection alone.
      if (!this.#isSilent) this.#socket.end();
      return;
    }
    this.#socket.end(closeFrame(code === 1005 ? 1000 : code));
    this.#closeTimer = setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS).unref();
    this.#end(`close_${code}`);
  }

  onViolation(): void {
    this.#refuse('protocol');
  }

  #readHead(accept: string, bytes: number): void {
    const part = readBuffer.subarray(0, bytes);
    const head = this.#head === null ? part : Buffer.concat([this.#head, part]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) {
      // A copy: the next read overwrites the shared buffer.
      this.#head = Buffer.from(head);
      if (head.length > MAX_HEAD_BYTES) this.#refuse('protocol');
      return;
    }
    const refusal = refusalOf(head.toString('latin1', 0, end), accept);
    if (refusal !== null) {
      this.#refuse(refusal);
      return;
    }
    this.#accept = null;
    this.#head = null;
    this.#frames.push(head, end + HEAD_END.length, head.length, this);
  }

  #refuse(reason: string): void {
    this.#socket.destroy();
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler.ended(this.#client, reason);
  }
}

/** A socket that knows its client, so that all clients share the same two listeners. */
class LeanSocket extends Socket {
  readonly client: LeanClient;
  errorCode: string | null = null;

  constructor(client: LeanClient) {
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      onread: { buffer: readBuffer, callback: (bytes) => client.read(bytes) },
    };
    super(options);
    this.client = client;
    this.on('error', noteError);
    this.on('close', noteClosed);
  }
}

function noteError(this: LeanSocket, error: NodeJS.ErrnoException): void {
  this.errorCode = error.code ?? 'socket_error';
}

function noteClosed(this: LeanSocket): void {
  this.client.socketClosed(this.errorCode);
}
