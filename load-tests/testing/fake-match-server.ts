/**
 * A server that speaks just enough of `/ws` and the commentary endpoint for the generator, and does exactly the
 * wrong it is told to, counting each wrong: what the generator reports must equal these counts.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What is wrong with the server. `…Every` n means: the n-th, 2n-th, … delivery or request. */
export interface FakeFaults {
  /** Each broadcast goes out exactly this much later. */
  readonly delayMs?: number;
  /** The n-th member of the room (from 0) gets each broadcast n times this later. */
  readonly stepMs?: number;
  /** Nothing goes out between these two times after the first request; then all of it at once. */
  readonly stall?: { readonly afterMs: number; readonly forMs: number };
  readonly dropEvery?: number;
  readonly duplicateEvery?: number;
  /** The n-th broadcast goes out after the one that follows it. */
  readonly swapEvery?: number;
  /** A delivery is followed by one of another match. */
  readonly wrongRoomEvery?: number;
  /** A broadcast is followed by one that nobody of this run sent. */
  readonly foreignEvery?: number;
  /** A delivery is followed by half a message. */
  readonly corruptEvery?: number;
  /** A request is cut without an answer, after its broadcast. */
  readonly cutAnswerEvery?: number;
  /** An answer is the last one of its connection, which then ends, as the answer says. */
  readonly lastAnswerEvery?: number;
  /** A request gets no answer at all, after its broadcast. */
  readonly muteAnswerEvery?: number;
  /** A request is answered 201, and its message reaches nobody. */
  readonly swallowEvery?: number;
  /** The 201 does not say which offset the message got. */
  readonly hidesOffset?: boolean;
  /** The first `sockets` members are cut, without a close frame, as this broadcast is due to them. */
  readonly cut?: { readonly atBroadcast: number; readonly sockets: number };
  /** `unsubscribe` gets no answer. */
  readonly isDeafToLeaving?: boolean;
  /** `unsubscribe` is answered by an error. */
  readonly refusesLeaving?: boolean;
  /** A request is answered 503, and nothing is broadcast. */
  readonly failPostEvery?: number;
  readonly refuseUpgradeEvery?: number;
  /** Connections never get their welcome. */
  readonly isMute?: boolean;
  /** `ping` gets no pong. */
  readonly isDeafToPings?: boolean;
  /** Requests without this bearer token are answered 401. */
  readonly apiToken?: string;
}

/** How often each wrong was done, and what went out. */
export interface FakeCounts {
  broadcasts: number;
  deliveries: number;
  dropped: number;
  duplicated: number;
  swapped: number;
  wrongRoom: number;
  foreign: number;
  corrupt: number;
  cutAnswers: number;
  failedPosts: number;
  refusedUpgrades: number;
  pings: number;
}

/** A certificate and its key, PEM. */
export interface FakeTls {
  readonly cert: string;
  readonly key: string;
}

const EPOCH = 'fake-epoch';

/** Listens on a free loopback port. */
export class FakeMatchServer {
  readonly counts: FakeCounts = {
    broadcasts: 0,
    deliveries: 0,
    dropped: 0,
    duplicated: 0,
    swapped: 0,
    wrongRoom: 0,
    foreign: 0,
    corrupt: 0,
    cutAnswers: 0,
    failedPosts: 0,
    refusedUpgrades: 0,
    pings: 0,
  };
  readonly #faults: FakeFaults;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #members = new Map<WebSocket, number>();
  #offset = 0;
  #requests = 0;
  #upgrades = 0;
  #sent = 0;
  #firstRequestMs: number | null = null;
  #heldBack: string | null = null;
  #stalled: string[] = [];

  readonly #isTls: boolean;

  private constructor(faults: FakeFaults, tls: FakeTls | undefined) {
    this.#faults = faults;
    this.#isTls = tls !== undefined;
    const take = (request: IncomingMessage, response: ServerResponse): void =>
      this.#takeRequest(request, response);
    this.#http = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    this.#sockets = new WebSocketServer({
      server: this.#http,
      path: '/ws',
      perMessageDeflate: false,
      verifyClient: (_info, done) => {
        this.#upgrades += 1;
        const isRefused = isDue(this.#upgrades, faults.refuseUpgradeEvery);
        if (isRefused) this.counts.refusedUpgrades += 1;
        done(!isRefused, 503);
      },
    });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
  }

  /** @param tls serves `wss://` and `https://` */
  static async start(
    faults: FakeFaults = {},
    tls?: FakeTls,
    host: '127.0.0.1' | '::1' = '127.0.0.1',
  ): Promise<FakeMatchServer> {
    const server = new FakeMatchServer(faults, tls);
    await new Promise<void>((resolve) => {
      server.#http.listen(0, host, resolve);
    });
    return server;
  }

  get target(): { readonly wsUrl: string; readonly httpUrl: string } {
    const { port } = this.#http.address() as AddressInfo;
    const secure = this.#isTls ? 's' : '';
    return { wsUrl: `ws${secure}://127.0.0.1:${port}/ws`, httpUrl: `http${secure}://127.0.0.1:${port}` };
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  /** Connections that are in a room. */
  get members(): number {
    return this.#members.size;
  }

  /** Cuts every connection and listens no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  #greet(socket: WebSocket): void {
    socket.on('message', (data) => this.#takeMessage(socket, String(data)));
    socket.on('close', () => this.#members.delete(socket));
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
      this.#members.set(socket, matchId);
      socket.send(JSON.stringify({ type: 'subscribed', matchId, epoch: EPOCH, offset: this.#offset }));
    } else if (message.type === 'unsubscribe' && this.#faults.refusesLeaving === true) {
      socket.send(JSON.stringify({ type: 'error', code: 'not_now' }));
    } else if (message.type === 'unsubscribe' && this.#faults.isDeafToLeaving !== true) {
      // By contract after everything before it: what is held back or delayed goes out first.
      const answer = (): void => {
        this.#flushHeldBack();
        this.#members.delete(socket);
        socket.send(JSON.stringify({ type: 'unsubscribed', matchId, offset: this.#offset }));
      };
      const { delayMs = 0, stepMs = 0 } = this.#faults;
      setTimeout(answer, delayMs + stepMs * this.#members.size + 5);
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
    this.#firstRequestMs ??= performance.now();
    const { failPostEvery, cutAnswerEvery, foreignEvery } = this.#faults;
    if (isDue(this.#requests, failPostEvery)) {
      this.counts.failedPosts += 1;
      response.writeHead(503).end();
      return;
    }
    const offset = this.#broadcast(matchId, text);
    if (isDue(this.#requests, foreignEvery)) {
      this.counts.foreign += this.#members.size;
      this.#broadcast(matchId, 'someone else was here');
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

  #broadcast(matchId: number, text: string): number {
    this.#offset += 1;
    this.counts.broadcasts += 1;
    if (isDue(this.counts.broadcasts, this.#faults.swallowEvery)) return this.#offset;
    if (this.counts.broadcasts === this.#faults.cut?.atBroadcast) this.#cut(this.#faults.cut.sockets);
    const message = commentary(matchId, this.#offset, text);
    const { delayMs, swapEvery } = this.#faults;
    if (isDue(this.counts.broadcasts, swapEvery)) {
      this.counts.swapped += this.#members.size;
      this.#heldBack = message;
    } else if (delayMs !== undefined) {
      setTimeout(() => this.#deliver(message), delayMs);
    } else {
      this.#deliverUnlessStalled(message);
      this.#flushHeldBack();
    }
    return this.#offset;
  }

  #cut(sockets: number): void {
    for (const socket of [...this.#members.keys()].slice(0, sockets)) {
      this.#members.delete(socket);
      socket.terminate();
    }
  }

  #flushHeldBack(): void {
    const message = this.#heldBack;
    this.#heldBack = null;
    if (message !== null) this.#deliver(message);
  }

  #deliverUnlessStalled(message: string): void {
    const { stall } = this.#faults;
    const elapsedMs = performance.now() - (this.#firstRequestMs ?? 0);
    if (stall === undefined || elapsedMs < stall.afterMs || elapsedMs >= stall.afterMs + stall.forMs) {
      this.#deliver(message);
      return;
    }
    if (this.#stalled.length === 0) {
      setTimeout(() => this.#endStall(), stall.afterMs + stall.forMs - elapsedMs);
    }
    this.#stalled.push(message);
  }

  #endStall(): void {
    const messages = this.#stalled;
    this.#stalled = [];
    for (const message of messages) this.#deliver(message);
  }

  #deliver(message: string): void {
    const { dropEvery, duplicateEvery, wrongRoomEvery, corruptEvery, stepMs } = this.#faults;
    for (const [position, [socket, matchId]] of [...this.#members].entries()) {
      this.#sent += 1;
      if (isDue(this.#sent, dropEvery)) {
        this.counts.dropped += 1;
        continue;
      }
      this.counts.deliveries += 1;
      if (stepMs === undefined) socket.send(message);
      else setTimeout(() => socket.send(message), position * stepMs);
      if (isDue(this.#sent, duplicateEvery)) {
        this.counts.duplicated += 1;
        socket.send(message);
      }
      if (isDue(this.#sent, wrongRoomEvery)) {
        this.counts.wrongRoom += 1;
        socket.send(commentary(matchId + 1, 7, 'of another match'));
      }
      if (isDue(this.#sent, corruptEvery)) {
        this.counts.corrupt += 1;
        socket.send(message.slice(0, message.length / 2));
      }
    }
  }
}

function commentary(matchId: number, offset: number, text: string): string {
  const data = { id: offset, minute: 1, text, createdAt: 1_700_000_000_000, publishedAtNs: '1' };
  return JSON.stringify({ type: 'commentary', matchId, offset, data });
}

function isDue(count: number, every: number | undefined): boolean {
  return every !== undefined && count % every === 0;
}
