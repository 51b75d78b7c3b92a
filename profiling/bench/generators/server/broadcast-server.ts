/**
 * The server that all generators read from: a bare socket server that frames a turn's broadcasts once and writes them
 * once to each member. It does next to nothing else, so that a generator and not it is what is measured.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { BroadcastStream } from './broadcast-stream.ts';
import { MemberSockets } from './member-sockets.ts';
import type { ServerCommand, ServerEvent } from './server-messages.ts';

const CHECK_MS = 5;

export class BroadcastServer {
  readonly #http: Server = createServer((_request, response) => response.writeHead(404).end());
  readonly #members = new MemberSockets();

  constructor() {
    this.#http.on('upgrade', (request: IncomingMessage, socket: Socket) =>
      this.#members.upgrade(request, socket),
    );
  }

  /** Listens on a free loopback port, and returns it. */
  async listen(): Promise<number> {
    this.#http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
    await once(this.#http, 'listening');
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Carries out a command; one at a time. */
  async carryOut(command: ServerCommand): Promise<ServerEvent> {
    const members = this.#members;
    switch (command.type) {
      case 'stream':
        return { type: 'streamed', truth: await new BroadcastStream(command, members).run() };
      case 'await-members':
        await this.#until(() => members.count >= command.count, command.timeoutMs);
        return { type: 'members', count: members.count };
      case 'mark': {
        const asked = members.count;
        members.mark();
        await this.#until(() => members.unmarkedCount === 0, command.timeoutMs);
        return { type: 'marked', answered: asked - members.unmarkedCount };
      }
      case 'end':
        members.end();
        return { type: 'ended' };
    }
  }

  /** Looks when something changed, and now and then for the time. */
  #until(holds: () => boolean, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds() && performance.now() < deadline) return;
        clearInterval(timer);
        this.#members.onChange = () => undefined;
        resolve();
      };
      const timer = setInterval(look, CHECK_MS);
      this.#members.onChange = look;
      look();
    });
  }
}
