/** One connection of the reader: opening handshake, reads into the shared buffer, closing handshake. */

import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { closeFrame, maskedFrame } from '../../generator/client/frame-writer.ts';
import { refusalOf, upgradeRequest } from '../../generator/client/upgrade.ts';
import { epochMs } from '../feed/epoch-clock.ts';
import { HEAD_ROOM_BYTES, readBuffer } from './read-buffer.ts';
import type { TickWalker } from './tick-walker.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const TEXT = 1;
/** All sockets of the process read here: libuv fills it and calls back before it reads another one. */
const landing = readBuffer.subarray(HEAD_ROOM_BYTES);
const NOTHING = Buffer.alloc(0);

export interface ConnectionOwner {
  /** The handshake is done. */
  opened(connection: ReaderConnection): void;
  /** Bytes were walked. */
  read(connection: ReaderConnection, bytes: number): void;
  /** The connection is gone; `reason` is null after our closing handshake. */
  ended(connection: ReaderConnection, reason: string | null): void;
}

export interface ReaderConnectionOptions {
  readonly url: URL;
  /** Source address to bind, where one does not have ports enough. */
  readonly localAddress: string | undefined;
  readonly walker: TickWalker;
  readonly owner: ConnectionOwner;
}

export class ReaderConnection {
  readonly walker: TickWalker;
  /** Set by the owner once this connection has all its messages. */
  isFinished = false;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  /** The Sec-WebSocket-Accept that is due; null once it came. */
  #accept: string | null;
  /** Bytes the last read left over: the start of a frame, or of the handshake's answer. */
  #rest: Buffer = NOTHING;
  #isClosing = false;
  #isOver = false;

  constructor(options: ReaderConnectionOptions) {
    this.walker = options.walker;
    this.#owner = options.owner;
    const request = upgradeRequest(options.url);
    this.#accept = request.accept;
    const reads: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      onread: { buffer: landing, callback: (bytes) => this.#read(bytes) },
    };
    this.#socket = new Socket(reads);
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? 'socket error'));
    this.#socket.on('close', () => this.#end(this.#isClosing ? null : 'the server closed the connection'));
    this.#socket.connect({
      host: options.url.hostname,
      port: Number(options.url.port),
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    });
    this.#socket.write(request.text, 'latin1');
  }

  sendText(text: string): void {
    this.#socket.write(maskedFrame(TEXT, Buffer.from(text)));
  }

  /** Starts the closing handshake: what the server sent before its answer is read all the same. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.write(closeFrame(1000));
  }

  /** The server's close frame came. */
  closeCame(): void {
    if (this.#isClosing) this.#socket.end();
    else this.#fail('the server sent a close frame');
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #read(bytes: number): boolean {
    const start = HEAD_ROOM_BYTES - this.#rest.length;
    if (this.#rest.length > 0) this.#rest.copy(readBuffer, start);
    const end = HEAD_ROOM_BYTES + bytes;
    const from = this.#accept === null ? start : this.#readHead(this.#accept, start, end);
    if (from === null || this.#isOver) return true;
    const walked = this.#accept === null ? this.walker.walk(from, end, epochMs()) : from;
    this.#keep(walked, end);
    this.#owner.read(this, bytes);
    return true;
  }

  #keep(start: number, end: number): void {
    if (start === end) {
      this.#rest = NOTHING;
    } else if (end - start > HEAD_ROOM_BYTES) {
      this.#fail('a frame is longer than any that a peer sends');
    } else {
      // A copy: the next read, of whichever connection, overwrites the buffer.
      this.#rest = Buffer.from(readBuffer.subarray(start, end));
    }
  }

  /** @returns where frames begin, `start` while the answer is not whole, null when it is none */
  #readHead(accept: string, start: number, end: number): number | null {
    const head = readBuffer.subarray(start, end);
    const headEnd = head.indexOf(HEAD_END);
    if (headEnd < 0) return start;
    const refusal = refusalOf(head.toString('latin1', 0, headEnd), accept);
    if (refusal !== null) {
      this.#fail(`the upgrade was refused: ${refusal}`);
      return null;
    }
    this.#accept = null;
    this.#owner.opened(this);
    return start + headEnd + HEAD_END.length;
  }

  #fail(reason: string): void {
    this.#socket.destroy();
    this.#end(reason);
  }

  #end(reason: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.ended(this, reason);
  }
}
