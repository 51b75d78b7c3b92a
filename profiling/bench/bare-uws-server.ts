/**
 * The same on uWebSockets.js: a topic that everybody is subscribed to. Entry file: `node --expose-gc bare-uws-server.js`,
 * talks over IPC.
 */

import { createRequire } from 'node:module';

interface Socket {
  send(text: string): void;
  subscribe(topic: string): void;
}
interface Response {
  onAborted(handler: () => void): void;
  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): void;
  writeStatus(status: string): Response;
  end(body: string): void;
}
interface App {
  ws(pattern: string, behavior: object): App;
  post(
    pattern: string,
    handler: (response: Response, request: { getParameter(at: number): string }) => void,
  ): App;
  publish(topic: string, text: string): void;
  listen(host: string, port: number, bound: (socket: object) => void): void;
  close(): void;
}
interface Uws {
  App(): App;
  us_socket_local_port(socket: object): number;
}

const { platform, arch, versions } = process;
const uws = createRequire(import.meta.url)(
  `@trufflesuite/uws-js-unofficial/binaries/uws_${platform}_${arch}_${versions.modules}.node`,
) as Uws;
let offset = 0;

const app = uws.App().ws('/ws', {
  open(socket: Socket) {
    socket.send('{"type":"welcome"}');
  },
  message(socket: Socket, data: ArrayBuffer) {
    const { type, matchId } = JSON.parse(Buffer.from(data).toString()) as { type: string; matchId: number };
    if (type === 'subscribe') {
      socket.subscribe('match');
      socket.send(JSON.stringify({ type: 'subscribed', matchId, epoch: 'bare', offset }));
    } else {
      socket.send(JSON.stringify({ type: 'unsubscribed', matchId, offset }));
    }
  },
});

app.post('/matches/:matchId/commentary', (response, request) => {
  const matchId = Number(request.getParameter(0));
  const chunks: Buffer[] = [];
  response.onAborted(() => {});
  response.onData((chunk, isLast) => {
    chunks.push(Buffer.from(Buffer.from(chunk)));
    if (isLast) publish(response, matchId, Buffer.concat(chunks).toString());
  });
});

function publish(response: Response, matchId: number, body: string): void {
  const { minute, text } = JSON.parse(body) as { minute: number; text: string };
  offset += 1;
  const data = {
    id: offset,
    minute,
    text,
    createdAt: Date.now(),
    publishedAtNs: String(process.hrtime.bigint()),
  };
  app.publish('match', JSON.stringify({ type: 'commentary', matchId, offset, data }));
  response.writeStatus('201 Created').end(JSON.stringify({ matchId, epoch: 'bare', offset, ...data }));
}

process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ type: 'collected' });
});
process.on('disconnect', () => app.close());

app.listen('127.0.0.1', 0, (socket) => {
  const port = uws.us_socket_local_port(socket);
  process.send?.({
    type: 'listening',
    pid: process.pid,
    wsUrl: `ws://127.0.0.1:${port}/ws`,
    httpUrl: `http://127.0.0.1:${port}`,
  });
});
