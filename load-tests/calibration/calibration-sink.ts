/**
 * The least a server can do: it welcomes, subscribes, stamps offsets and writes one prepared frame to each
 * member's socket. What a load run shows against it is the generator and the machine, hardly the server.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { OPCODE } from '../generator/client/frame-parser.ts';
import { formatLedgerText } from '../generator/ledger/ledger-entry.ts';
import { monotonicUs } from '../generator/monotonic-clock.ts';
import { CLOSE_FRAME, commentaryText, serverTextFrame } from './sink-frames.ts';
import type { SinkStream } from './sink-messages.ts';
import { acceptUpgrade } from './sink-upgrade.ts';

/** Between two turns of a `single` stream: long enough for a worker to empty its sockets. */
const TURN_MS = 10;
/** Written to one socket before the next has its turn. */
const SLICE_BYTES = 256 * 1024;
const WELCOME = serverTextFrame(
  JSON.stringify({ type: 'welcome', user_id: 'sink', username: 'guest-sink', connectionId: 'sink' }),
);

export class CalibrationSink {
  readonly #http: Server;
  readonly #members = new Set<Duplex>();
  #offset = 0;

  constructor() {
    this.#http = createServer((request, response) => this.#publish(request, response));
    this.#http.on('upgrade', (request: IncomingMessage, socket: Socket) => this.#upgrade(request, socket));
  }

  /** Listens on a free loopback port, and returns it. */
  async listen(): Promise<number> {
    this.#http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(this.#http, 'listening');
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Sends a stream to all members; resolves when the kernel has it all. */
  async stream(stream: SinkStream): Promise<void> {
    const sockets = [...this.#members];
    if (stream.mode === 'single') {
      for (let index = 0; index < stream.frames; index += 1) {
        const frame = streamFrame(stream, index);
        for (const socket of sockets) socket.write(frame);
        await pause(TURN_MS);
      }
      return;
    }
    const frames = Buffer.concat(
      Array.from({ length: stream.frames }, (_, index) => streamFrame(stream, index)),
    );
    await Promise.all(sockets.map((socket) => writeSlices(socket, frames)));
  }

  #upgrade(request: IncomingMessage, socket: Socket): void {
    acceptUpgrade(request, socket, {
      welcome: WELCOME,
      onFrame: ({ opcode, payload }) => this.#take(socket, opcode, payload.toString()),
    });
    socket.on('close', () => this.#members.delete(socket));
  }

  #take(socket: Socket, opcode: number, text: string): void {
    if (opcode === OPCODE.close) {
      socket.end(CLOSE_FRAME);
      return;
    }
    // The client is this package's own: its messages are these two.
    const message: { type: string; matchId: number } = JSON.parse(text);
    const isJoining = message.type === 'subscribe';
    if (isJoining) this.#members.add(socket);
    else this.#members.delete(socket);
    const type = isJoining ? 'subscribed' : 'unsubscribed';
    socket.write(
      serverTextFrame(
        JSON.stringify({ type, matchId: message.matchId, epoch: 'sink', offset: this.#offset }),
      ),
    );
  }

  #publish(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { text }: { text: string } = JSON.parse(Buffer.concat(parts).toString());
      const matchId = Number(/\d+/.exec(request.url ?? '')?.[0]);
      this.#offset += 1;
      const frame = serverTextFrame(commentaryText(matchId, this.#offset, text));
      for (const socket of this.#members) socket.write(frame);
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ matchId, offset: this.#offset }));
    });
  }
}

function streamFrame(stream: SinkStream, index: number): Buffer {
  const seq = stream.firstSeq + index;
  const nowUs = monotonicUs();
  const entry = { publisher: stream.publisher, seq, intendedUs: nowUs, sentUs: nowUs };
  const text = formatLedgerText(stream.runId, entry, stream.textLength);
  return serverTextFrame(commentaryText(stream.matchId, seq + 1, text));
}

async function writeSlices(socket: Duplex, bytes: Buffer): Promise<void> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    if (!socket.write(bytes.subarray(start, start + SLICE_BYTES))) await once(socket, 'drain');
  }
}
