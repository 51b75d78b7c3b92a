/**
 * Which upgrade requests are WebSocket handshakes, and when their turn is.
 *
 * Node takes a socket from HTTP as soon as it reads any `Upgrade` header. Two things go wrong with that: a client
 * that offers another protocol (`h2c`, as Java and `curl --http2` do) still wants its request answered, and an upgrade
 * that was pipelined behind another request must not overtake that one's answer.
 */

import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Takes a WebSocket handshake; `head` is what came after it already. */
export type TakeHandshake = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Headers that offered what we do not take. */
const OFFER_HEADERS: ReadonlySet<string> = new Set(['connection', 'upgrade', 'http2-settings']);

/** @param isTls whether HTTP begins after a TLS handshake on this server */
export function onHandshake(server: Server, isTls: boolean, take: TakeHandshake): void {
  const lastAnswers = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, response) => lastAnswers.set(socket, response));
  server.on('upgrade', (request: IncomingMessage, _stream, head: Buffer) => {
    const { socket } = request;
    afterAnswer(lastAnswers.get(socket), socket, () => {
      if (isWebSocketOffer(request)) {
        take(request, socket, head);
        return;
      }
      socket.unshift(Buffer.concat([withoutOffer(request), head]));
      // HTTP begins anew on this socket, with the same request less its offer.
      server.emit(isTls ? 'secureConnection' : 'connection', socket);
    });
  });
}

/**
 * Does a request offer to go on as a WebSocket?
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.8 an offer that is not taken is ignored
 */
export function isWebSocketOffer({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return (headers.upgrade ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .includes('websocket');
}

function withoutOffer({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!OFFER_HEADERS.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function afterAnswer(answer: ServerResponse | undefined, socket: Socket, act: () => void): void {
  if (answer === undefined || answer.writableFinished) {
    act();
    return;
  }
  // Node no longer listens to this socket, and an error that nobody hears ends the process.
  socket.on('error', ignoreError);
  answer.once('close', () => {
    if (socket.writable) act();
    else socket.destroy();
  });
}

function ignoreError(): void {
  // Whoever pipelined an upgrade may be gone already; the socket closes itself.
}
