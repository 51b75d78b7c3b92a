/** The profiler's end of the channel to a server that runs under a tool; see parent-channel.ts for the other. */

import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { isListening } from '../run/server-launcher.ts';
import { removedAtExit } from './removed-at-exit.ts';

/** Waits for one server process; nobody else may reach it (a folder of mode 0700). */
export class ServerChannel {
  /** What the server says as it listens. */
  readonly listening: Promise<ServerListening>;
  /** The server's process ended; pending until it has been there. */
  readonly ended: Promise<void>;
  private readonly server: Server;
  private readonly path: string;
  private readonly removeFolder: () => Promise<void>;
  private peer: Socket | undefined;

  private constructor(server: Server, folder: string) {
    this.server = server;
    this.path = socketIn(folder);
    this.removeFolder = removedAtExit(folder);
    const connected = new Promise<Socket>((resolve) => {
      server.on('connection', (socket) => {
        // A process that is killed resets the connection.
        socket.on('error', () => undefined);
        if (this.peer === undefined) resolve(socket);
        else socket.destroy();
        this.peer ??= socket;
      });
    });
    this.listening = connected.then(firstWord);
    this.ended = connected.then(
      (socket) => new Promise((resolve) => void socket.once('close', () => resolve())),
    );
  }

  static async open(): Promise<ServerChannel> {
    // Not in the run's folder: the path of a socket may have 107 bytes.
    const folder = await mkdtemp(join(tmpdir(), 'touchline-'));
    const server = createServer();
    server.listen(socketIn(folder));
    await once(server, 'listening');
    return new ServerChannel(server, folder);
  }

  /** Options of Node that connect a program to this channel. */
  get nodeOptions(): readonly string[] {
    const preload = new URL('./parent-channel.js', import.meta.url);
    preload.searchParams.set('socket', this.path);
    return ['--import', preload.href];
  }

  /** Asks the server to drain. */
  disconnect(): void {
    this.peer?.write('disconnect\n');
  }

  async close(): Promise<void> {
    this.peer?.destroy();
    this.server.close();
    await this.removeFolder();
  }
}

function socketIn(folder: string): string {
  return join(folder, 's');
}

function firstWord(socket: Socket): Promise<ServerListening> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const message = parsed(line);
      if (isListening(message)) resolve(message);
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Nobody else writes here; a line that was cut off says nothing.
    return undefined;
  }
}
