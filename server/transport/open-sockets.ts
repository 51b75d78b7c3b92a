/**
 * The TCP sockets of a TLS server. Node knows its HTTP connections, but not those that never finished the TLS
 * handshake: a server that closes would wait for them.
 */

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class OpenSockets {
  readonly #sockets = new Set<Socket>();

  /** @param server an https server: its `connection` event carries the socket beneath TLS */
  constructor(server: Server) {
    const sockets = this.#sockets;
    function forget(this: Socket): void {
      sockets.delete(this);
    }
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', forget);
    });
  }

  get size(): number {
    return this.#sockets.size;
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
