import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { serverFrame } from '../../testing/ws-codec.ts';
import { type Client, type ClientHandler, MAX_MESSAGE_BYTES, type OpenClient } from './client.ts';
import { OPCODE } from './frame-parser.ts';
import { openLeanClient } from './lean-client.ts';
import { acceptOf } from './upgrade.ts';
import { openWsClient } from './ws-client.ts';

type Happening = readonly [client: number, what: string];

/** Hands out what happened, one at a time, in order. */
class RecordingHandler implements ClientHandler {
  readonly #happenings: Happening[] = [];
  readonly #waiters: ((happening: Happening) => void)[] = [];
  receivedUs = 0;

  received(receivedUs: number): void {
    this.receivedUs = receivedUs;
  }
  text(client: number, bytes: Buffer, start: number, end: number): void {
    this.#push([client, bytes.toString('utf8', start, end)]);
  }
  binary(client: number): void {
    this.#push([client, '(binary)']);
  }
  ended(client: number, reason: string): void {
    this.#push([client, `ended ${reason}`]);
  }
  async next(): Promise<Happening> {
    const happening = this.#happenings.shift();
    if (happening !== undefined) return happening;
    return await new Promise((resolve) => this.#waiters.push(resolve));
  }
  #push(happening: Happening): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#happenings.push(happening);
    else waiter(happening);
  }
}

const kinds: readonly [string, OpenClient][] = [
  ['lean', openLeanClient],
  ['ws', openWsClient],
];

describe.each(kinds)('the %s client', (_kind, openClient) => {
  let http: Server;
  let sockets: WebSocketServer;
  let handler: RecordingHandler;
  let clients: Client[];

  beforeEach(async () => {
    http = createServer();
    sockets = new WebSocketServer({ server: http, path: '/ws' });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    handler = new RecordingHandler();
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    http.closeAllConnections();
  });

  function open(
    changes: { path?: string; port?: number; client?: number; localAddress?: string } = {},
  ): Client {
    const { port } = http.address() as AddressInfo;
    const client = openClient({
      client: changes.client ?? 5,
      url: new URL(`ws://127.0.0.1:${changes.port ?? port}${changes.path ?? '/ws'}`),
      address: '127.0.0.1',
      localAddress: changes.localAddress,
      handler,
    });
    clients.push(client);
    return client;
  }

  async function connect(): Promise<{ client: Client; peer: WebSocket }> {
    const connected = once(sockets, 'connection');
    const client = open();
    const [peer] = (await connected) as [WebSocket];
    peer.send('welcome');
    expect(await handler.next()).toEqual([5, 'welcome']);
    return { client, peer };
  }

  it('hands on texts of every length, whole and fragmented', async () => {
    const { peer } = await connect();
    const texts = ['', 'a', 'b'.repeat(126), 'c'.repeat(70_000), 'Tor für Åland ⚽'];
    for (const text of texts) peer.send(text);
    for (const text of texts) expect(await handler.next()).toEqual([5, text]);
    peer.send('first ', { fin: false });
    peer.ping('between');
    peer.send('second', { fin: true });
    expect(await handler.next()).toEqual([5, 'first second']);
    expect(handler.receivedUs).toBeGreaterThan(0);
  });

  it('sends text, and tells binary apart', async () => {
    const { client, peer } = await connect();
    const message = once(peer, 'message');
    client.send('Tor für Åland');
    expect(String((await message)[0])).toBe('Tor für Åland');
    peer.send(Buffer.from([1, 2, 3]));
    expect(await handler.next()).toEqual([5, '(binary)']);
  });

  it('answers a ping with its payload', async () => {
    const { peer } = await connect();
    const pong = once(peer, 'pong');
    peer.ping('are you there?');
    expect(String((await pong)[0])).toBe('are you there?');
  });

  it('closes cleanly', async () => {
    const { client, peer } = await connect();
    const closed = once(peer, 'close');
    client.close();
    expect((await closed)[0]).toBe(1000);
    expect(await handler.next()).toEqual([5, 'ended close_1000']);
  });

  it('says with which code the server closed, and answers it', async () => {
    const { peer } = await connect();
    const closed = once(peer, 'close');
    peer.close(4002, 'slow consumer');
    expect(await handler.next()).toEqual([5, 'ended close_4002']);
    expect((await closed)[0]).toBe(4002);
  });

  it('says when the connection just went away', async () => {
    const { peer } = await connect();
    peer.terminate();
    expect((await handler.next())[1]).toMatch(/^ended (close_1006|ECONNRESET)$/);
  });

  it('says with which status an upgrade was refused', async () => {
    sockets.options.verifyClient = (_info, done: (ok: boolean, status: number) => void) => done(false, 503);
    open();
    expect(await handler.next()).toEqual([5, 'ended http_503']);
  });

  it('says that nobody listens', async () => {
    open({ port: 1 });
    expect(await handler.next()).toEqual([5, 'ended ECONNREFUSED']);
  });

  it('says that what answers is no WebSocket', async () => {
    const tcp = createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(tcp, 'listening');
    open({ port: (tcp.address() as AddressInfo).port });
    expect((await handler.next())[1]).toMatch(/^ended (protocol|HPE_INVALID_CONSTANT)$/);
    tcp.close();
  });

  it('says that a frame broke the rules', async () => {
    const { peer } = await connect();
    // A masked frame, which no server may send.
    (peer as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(
      Buffer.from([0x81, 0x81, 1, 2, 3, 4, 0x60]),
    );
    expect((await handler.next())[1]).toMatch(/^ended protocol$/);
  });

  it('ends where a message is longer than any of ours', async () => {
    const { peer } = await connect();
    peer.on('error', () => undefined);
    peer.send('m'.repeat(MAX_MESSAGE_BYTES + 1));
    expect(await handler.next()).toEqual([5, 'ended protocol']);
  });

  it('connects from the address it is given', async () => {
    const connected = once(sockets, 'connection');
    open({ localAddress: '127.0.0.9' });
    const [, request] = await connected;
    expect(request.socket.remoteAddress).toBe('127.0.0.9');
  });

  it('resets the connection, as a crash would', async () => {
    const connected = once(sockets, 'connection');
    const client = open();
    const [peer, request] = (await connected) as [WebSocket, IncomingMessage];
    peer.send('welcome');
    expect(await handler.next()).toEqual([5, 'welcome']);
    peer.on('error', () => undefined);
    const failed = once(request.socket, 'error');
    client.reset();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    // What follows comes from the next client: the one that was reset says nothing.
    const { peer: other } = await connect();
    other.send('from the other');
    expect(await handler.next()).toEqual([5, 'from the other']);
  });

  it('reads nothing while it is paused, so that the server has to keep it', async () => {
    const { client, peer } = await connect();
    client.pause();
    const part = 'p'.repeat(64 * 1024);
    // More than the kernel's buffers of both ends take.
    for (let index = 0; index < 256; index += 1) peer.send(part);
    const { peer: other } = await connect();
    const pong = once(other, 'pong');
    other.ping();
    await pong;
    expect(peer.bufferedAmount).toBeGreaterThan(0);
    other.send('from the other');
    expect(await handler.next()).toEqual([5, 'from the other']);
  });

  it('answers no ping once it is silent, and reads on', async () => {
    const { client, peer } = await connect();
    const { peer: other } = await connect();
    const pongs: string[] = [];
    peer.on('pong', (data) => pongs.push(String(data)));
    peer.ping('before');
    await once(peer, 'pong');
    client.silence();
    peer.ping('after');
    peer.send('still read');
    expect(await handler.next()).toEqual([5, 'still read']);
    peer.close(4004, 'heartbeat missed');
    const pong = once(other, 'pong');
    other.ping();
    await pong;
    expect(pongs).toEqual(['before']);
    // Whoever found out does not wait for an answer.
    peer.terminate();
    expect(await handler.next()).toEqual([5, 'ended close_4004']);
  });

  it('is silent once it was let go', async () => {
    const { client, peer } = await connect();
    const closed = once(peer, 'close');
    client.destroy();
    await closed;
    const { peer: other } = await connect();
    other.send('from the other');
    expect(await handler.next()).toEqual([5, 'from the other']);
  });
});

describe('the lean client, towards a server that means harm', () => {
  const sockets: Socket[] = [];
  const tcp = createTcpServer({ allowHalfOpen: true });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    tcp.removeAllListeners('connection');
    tcp.close();
  });

  /** A server that upgrades and then does nothing by itself, not even read. */
  async function connect(handler: ClientHandler): Promise<{ client: Client; socket: Socket }> {
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const connected = once(tcp, 'connection');
    const { port } = tcp.address() as AddressInfo;
    const url = new URL(`ws://127.0.0.1:${port}/ws`);
    const client = openLeanClient({ client: 0, url, address: '127.0.0.1', localAddress: undefined, handler });
    const [socket] = (await connected) as [Socket];
    sockets.push(socket);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1] ?? '';
    const answer = ['HTTP/1.1 101 OK', 'Upgrade: websocket', 'Connection: Upgrade'].join('\r\n');
    socket.write(`${answer}\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`);
    return { client, socket };
  }

  it('keeps no pongs for one that reads none', async () => {
    const handler = new RecordingHandler();
    const { client, socket } = await connect(handler);
    const pings = Buffer.concat(
      Array.from({ length: 500 }, () => serverFrame(OPCODE.ping, Buffer.alloc(125))),
    );
    for (let round = 0; round < 400; round += 1) {
      if (!socket.write(pings)) await once(socket, 'drain');
    }
    socket.write(serverFrame(OPCODE.text, Buffer.from('read all')));
    expect(await handler.next()).toEqual([0, 'read all']);
    client.close();
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
      // Pongs are 131 bytes long each; the close frame is the last, of 8.
      if (bytes % 131 === 8 && data.at(-8) === 0x88) socket.end();
    });
    socket.resume();
    await handler.next();
    // 26 MB for all of them; what the kernel's buffers of both ends hold may be a third of that.
    expect(bytes).toBeGreaterThan(8);
    expect(bytes).toBeLessThan(13e6);
  });

  it('lets go of a socket that the server keeps open behind its close frame', async () => {
    const handler = new RecordingHandler();
    const { socket } = await connect(handler);
    socket.write(serverFrame(OPCODE.close, Buffer.from([0x0f, 0xa2])));
    expect(await handler.next()).toEqual([0, 'ended close_4002']);
    const reset = once(socket, 'error');
    const flood = setInterval(() => socket.write(serverFrame(OPCODE.text, Buffer.from('more'))), 10);
    const [error] = (await reset) as [NodeJS.ErrnoException];
    clearInterval(flood);
    expect(error.code).toMatch(/^(ECONNRESET|EPIPE)$/);
  });
});
