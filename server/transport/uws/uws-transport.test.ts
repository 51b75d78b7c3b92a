import { beforeEach, describe, expect, it } from 'vitest';
import { EventsEndpoint } from '../../features/events-endpoint.ts';
import { Matches } from '../../features/matches/matches.ts';
import { serverFrame } from '../../hub/frames/server-frame.ts';
import type { Hub } from '../../hub/hub.ts';
import { CLOSE } from '../../protocol/close-codes.ts';
import { makeHub } from '../../testing/make-hub.ts';
import type { RequestView } from '../request-view.ts';
import type { UwsBehavior, UwsModule, UwsResponse, UwsWebSocket } from './uws-api.ts';
import type { PeerData } from './uws-peer.ts';
import { UwsTransport } from './uws-transport.ts';

const NOTHING = new ArrayBuffer(0);
const MODULE = { DISABLED: 0, SHARED_COMPRESSOR: 1 } as UwsModule;
const REQUEST = { headers: { 'sec-websocket-key': 'key' } } as RequestView;

/** As uWS: tells of its end before it returns, and throws at whoever touches it later. */
class FakeWebSocket implements UwsWebSocket<PeerData> {
  readonly #data: PeerData;
  readonly #behavior: UwsBehavior<PeerData>;
  readonly sent: string[] = [];
  corks = 0;
  buffered = 0;
  /** What the next send answers. */
  status = 1;
  endedWith: number | null = null;

  constructor(data: PeerData, behavior: UwsBehavior<PeerData>) {
    this.#data = data;
    this.#behavior = behavior;
  }

  send(message: string | Uint8Array): number {
    this.#use();
    this.sent.push(Buffer.from(message).toString());
    return this.status;
  }

  ping(): number {
    this.#use();
    return 1;
  }

  cork(send: () => void): void {
    this.#use();
    this.corks += 1;
    send();
  }

  end(code: number): void {
    this.#use();
    this.endedWith = code;
    this.#behavior.close(this, code, NOTHING);
  }

  close(): void {
    this.#use();
    this.endedWith = CLOSE.lost.code;
    this.#behavior.close(this, CLOSE.lost.code, NOTHING);
  }

  getBufferedAmount(): number {
    this.#use();
    return this.buffered;
  }

  getUserData(): PeerData {
    return this.#data;
  }

  #use(): void {
    if (this.endedWith !== null) throw new Error('Invalid access of closed uWS.WebSocket');
  }
}

let hub: Hub;
let transport: UwsTransport;
let behavior: UwsBehavior<PeerData>;

beforeEach(() => {
  const made = makeHub({ messagesPerSecond: 1 });
  hub = made.hub;
  transport = new UwsTransport({
    maxPayloadBytes: 100,
    maxBufferedBytes: 1_000,
    heartbeatMs: 1_000,
    closeTimeoutMs: 1_000,
    isCompressing: false,
    nowMs: made.clock.nowMs,
    onOpened: () => {},
    onClosed: () => {},
    onDefect: (error) => {
      throw error;
    },
  });
  behavior = transport.behavior(MODULE, () => {});
});

function connect(): FakeWebSocket {
  const opened: FakeWebSocket[] = [];
  const response: Pick<UwsResponse, 'upgrade'> = {
    upgrade(data) {
      const webSocket = new FakeWebSocket(data as unknown as PeerData, behavior);
      opened.push(webSocket);
      behavior.open(webSocket);
    },
  };
  const endpoint = new EventsEndpoint(hub, new Matches(hub, { maxSubscriptions: 1 }));
  const request = { endpoint, remoteAddress: '::1', query: new URLSearchParams(), context: {} };
  transport.accept(response as UwsResponse, REQUEST, request);
  const [webSocket] = opened;
  if (webSocket === undefined) throw new Error('expected an upgrade');
  webSocket.sent.length = 0;
  return webSocket;
}

const peerOf = (webSocket: FakeWebSocket) => webSocket.getUserData().peer;
const frames = (...texts: string[]) => Buffer.concat(texts.map((text) => serverFrame(Buffer.from(text))));

describe('a flood', () => {
  it('ends its connection when it is more than could be put off', () => {
    const webSocket = connect();
    for (let n = 0; n < 10_923; n += 1) behavior.pong(webSocket, NOTHING);
    expect(webSocket.endedWith).toBeNull();
    behavior.pong(webSocket, NOTHING);
    expect(webSocket.endedWith).toBe(CLOSE.rateLimited.code);
    expect(transport.overRateCount).toBe(1);
  });

  it('is forgotten with its connection', async () => {
    const webSocket = connect();
    for (let n = 0; n < 2; n += 1) behavior.ping(webSocket, NOTHING);
    expect(transport.overRateCount).toBe(1);
    behavior.close(webSocket, 1_000, NOTHING);
    expect([transport.overRateCount, hub.connectionCount]).toEqual([0, 0]);
  });
});

describe('a message that uWS drops', () => {
  it('is counted and ends its connection, after this turn', async () => {
    const webSocket = connect();
    webSocket.status = 2;
    peerOf(webSocket).sendFrames(frames('lost'));
    expect(webSocket.endedWith).toBeNull();
    await Promise.resolve();
    expect(webSocket.endedWith).toBe(CLOSE.slowConsumer.code);
    expect(transport.droppedMessages).toBe(1);
  });
});

describe('a peer', () => {
  it('writes shared frames message by message, in one cork', () => {
    const [first, second] = [connect(), connect()];
    const shared = frames('one', 'two');
    for (const webSocket of [first, second]) {
      peerOf(webSocket).sendFrames(shared);
      expect([webSocket.sent, webSocket.corks]).toEqual([['one', 'two'], 1]);
    }
  });

  it('takes the same buffer apart anew in another turn', async () => {
    const webSocket = connect();
    const shared = frames('one', 'two');
    peerOf(webSocket).sendFrames(shared);
    await Promise.resolve();
    frames('8 bytes!').copy(shared);
    peerOf(webSocket).sendFrames(shared);
    expect(webSocket.sent).toEqual(['one', 'two', '8 bytes!']);
  });

  it('holds what is corked, counts it as unsent and writes it in order', () => {
    const webSocket = connect();
    const peer = peerOf(webSocket);
    peer.cork();
    peer.sendFrames(frames('one', 'two'));
    peer.send('three');
    expect([webSocket.sent, peer.bufferedBytes]).toEqual([[], 5 + 5 + 7]);
    peer.uncork();
    expect([webSocket.sent, webSocket.corks]).toEqual([['one', 'two', 'three'], 1]);
    expect(peer.bufferedBytes).toBe(0);
  });

  it('sends its close frame when everything before it is gone', async () => {
    const webSocket = connect();
    const peer = peerOf(webSocket);
    webSocket.buffered = 10;
    peer.close(CLOSE.shutdown.code, CLOSE.shutdown.reason);
    peer.send('too late');
    expect([peer.isOpen, webSocket.endedWith, webSocket.sent]).toEqual([false, null, []]);
    webSocket.buffered = 0;
    behavior.drain(webSocket);
    expect(webSocket.endedWith).toBe(CLOSE.shutdown.code);
    expect(hub.connectionCount).toBe(1);
    await Promise.resolve();
    expect(hub.connectionCount).toBe(0);
  });

  it('does nothing once it is closed', () => {
    const webSocket = connect();
    const peer = peerOf(webSocket);
    behavior.close(webSocket, 1_000, NOTHING);
    webSocket.endedWith = 1_000;
    peer.send('x');
    peer.sendFrames(frames('x'));
    peer.cork();
    peer.uncork();
    peer.ping();
    peer.close(1_000, '');
    peer.terminate();
    expect([peer.isOpen, peer.bufferedBytes]).toEqual([false, 0]);
  });
});
