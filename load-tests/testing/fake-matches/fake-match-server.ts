/**
 * A server that speaks just enough of `/ws` and the commentary endpoint for the generator, and does exactly the
 * wrong it is told to, counting each wrong: what the generator reports must equal these counts.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { WebSocket } from 'ws';
import { isDue } from '../every-nth.ts';
import { FakeListener } from '../fake-listener.ts';
import { type FakeFaults, noCounts } from './fake-match-faults.ts';
import { FakeMatchRoom } from './fake-match-room.ts';

/** A certificate and its key, PEM. */
export interface FakeTls {
  readonly cert: string;
  readonly key: string;
}

const EPOCH = 'fake-epoch';

/** Listens on a free loopback port. */
export class FakeMatchServer {
  readonly counts = noCounts();
  readonly #faults: FakeFaults;
  readonly #listener: FakeListener;
  readonly #room: FakeMatchRoom;
  readonly #isTls: boolean;
  #requests = 0;
  #upgrades = 0;

  private constructor(faults: FakeFaults, tls: FakeTls | undefined) {
    this.#faults = faults;
    this.#isTls = tls !== undefined;
    const take = (request: IncomingMessage, response: ServerResponse): void =>
      this.#takeRequest(request, response);
    this.#room = new FakeMatchRoom(faults, this.counts);
    this.#listener = new FakeListener(tls === undefined ? createServer(take) : createTlsServer(tls, take), {
      path: '/ws',
      verifyClient: (_info, done) => {
        this.#upgrades += 1;
        const isRefused = isDue(this.#upgrades, faults.refuseUpgradeEvery);
        if (isRefused) this.counts.refusedUpgrades += 1;
        done(!isRefused, 503);
      },
    });
    this.#listener.sockets.on('connection', (socket) => this.#greet(socket));
  }

  /** @param tls serves `wss://` and `https://` */
  static async start(
    faults: FakeFaults = {},
    tls?: FakeTls,
    host: '127.0.0.1' | '::1' = '127.0.0.1',
  ): Promise<FakeMatchServer> {
    const server = new FakeMatchServer(faults, tls);
    await server.#listener.listen(host);
    return server;
  }

  get target(): { readonly wsUrl: string; readonly httpUrl: string } {
    const { port } = this.#listener;
    const secure = this.#isTls ? 's' : '';
    return { wsUrl: `ws${secure}://127.0.0.1:${port}/ws`, httpUrl: `http${secure}://127.0.0.1:${port}` };
  }

  get connections(): number {
    return this.#listener.connections;
  }

  /** Connections that are in a room. */
  get members(): number {
    return this.#room.size;
  }

  /** Cuts every connection and listens no more. */
  async stop(): Promise<void> {
    await this.#listener.stop();
  }

  #greet(socket: WebSocket): void {
    socket.on('message', (data) => this.#takeMessage(socket, String(data)));
    socket.on('close', () => this.#room.leave(socket));
    socket.on('error', () => undefined);
    if (this.#faults.isMute === true) return;
    socket.send(JSON.stringify({ type: 'welcome', user_id: 'u', username: 'guest-u', connectionId: 'c' }));
  }

  #takeMessage(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as { type: string; matchId: number };
    const { matchId } = message;
    if (message.type === 'ping') {
      this.counts.pings += 1;
      if (this.#faults.isDeafToPings !== true) socket.send(JSON.stringify({ type: 'pong' }));
    } else if (message.type === 'subscribe') {
      this.#room.join(socket, matchId);
      socket.send(JSON.stringify({ type: 'subscribed', matchId, epoch: EPOCH, offset: this.#room.offset }));
    } else if (message.type === 'unsubscribe' && this.#faults.refusesLeaving === true) {
      socket.send(JSON.stringify({ type: 'error', code: 'not_now' }));
    } else if (message.type === 'unsubscribe' && this.#faults.isDeafToLeaving !== true) {
      // By contract after everything before it: what is held back or delayed goes out first.
      const answer = (): void => {
        this.#room.flushHeldBack();
        this.#room.leave(socket);
        socket.send(JSON.stringify({ type: 'unsubscribed', matchId, offset: this.#room.offset }));
      };
      const { delayMs = 0, stepMs = 0 } = this.#faults;
      setTimeout(answer, delayMs + stepMs * this.#room.size + 5);
    }
  }

  #takeRequest(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { apiToken } = this.#faults;
      if (apiToken !== undefined && request.headers.authorization !== `Bearer ${apiToken}`) {
        response.writeHead(401).end();
        return;
      }
      const matchId = Number(/^\/matches\/(\d+)\/commentary$/.exec(request.url ?? '')?.[1]);
      const { text } = JSON.parse(Buffer.concat(parts).toString()) as { text: string };
      this.#publish(matchId, text, response);
    });
  }

  #publish(matchId: number, text: string, response: ServerResponse): void {
    this.#requests += 1;
    this.#room.requested();
    const { failPostEvery, cutAnswerEvery, foreignEvery } = this.#faults;
    if (isDue(this.#requests, failPostEvery)) {
      this.counts.failedPosts += 1;
      response.writeHead(503).end();
      return;
    }
    const offset = this.#room.broadcast(matchId, text);
    if (isDue(this.#requests, foreignEvery)) {
      this.counts.foreign += this.#room.size;
      this.#room.broadcast(matchId, 'someone else was here');
    }
    if (isDue(this.#requests, this.#faults.muteAnswerEvery)) return;
    if (isDue(this.#requests, cutAnswerEvery)) {
      this.counts.cutAnswers += 1;
      response.destroy();
      return;
    }
    if (isDue(this.#requests, this.#faults.lastAnswerEvery)) response.setHeader('connection', 'close');
    response.writeHead(201, { 'content-type': 'application/json' });
    const stored = { id: offset, matchId, epoch: EPOCH, text };
    response.end(JSON.stringify(this.#faults.hidesOffset === true ? stored : { ...stored, offset }));
  }
}
