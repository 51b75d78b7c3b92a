/** The connections of one worker by their numbers: opened, spoken to and let go of. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client, ClientHandler, OpenClient } from '../../client/client.ts';

/** Clients that are spoken to in one turn of the loop, so that reading goes on meanwhile. */
const SPOKEN_TO_PER_TURN = 256;

export interface RosterOptions {
  readonly clients: number;
  readonly url: URL;
  /** The target's address, resolved once. */
  readonly address: string;
  /** Bound in turn. */
  readonly sourceAddresses: readonly string[];
  readonly openClient: OpenClient;
  readonly handler: ClientHandler;
}

export class ClientRoster {
  readonly #options: RosterOptions;
  readonly #clients: (Client | undefined)[];

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#clients = new Array<Client | undefined>(options.clients).fill(undefined);
  }

  open(client: number): void {
    const { url, address, sourceAddresses, openClient, handler } = this.#options;
    this.#clients[client] = openClient({
      client,
      url,
      address,
      localAddress: sourceAddresses[client % sourceAddresses.length],
      handler,
    });
  }

  /** Numbers of the clients that are open now, or opening. */
  openClients(): readonly number[] {
    return this.#clients.flatMap((client, index) => (client === undefined ? [] : [index]));
  }

  send(client: number, text: string): void {
    this.#clients[client]?.send(text);
  }

  pause(client: number): void {
    this.#clients[client]?.pause();
  }

  /** Sends the same to each of `clients`, a slice a turn. */
  async sendAll(clients: readonly number[], text: string): Promise<void> {
    await this.#inTurns(clients, (client) => client.send(text));
  }

  /** Begins the closing handshake of each of `clients`, a slice a turn. */
  async closeAll(clients: readonly number[]): Promise<void> {
    await this.#inTurns(clients, (client) => client.close());
  }

  /** The connection is gone by itself. */
  forget(client: number): void {
    this.#clients[client] = undefined;
  }

  /** Cuts the connection. */
  letGo(client: number): void {
    this.#clients[client]?.destroy();
    this.#clients[client] = undefined;
  }

  async #inTurns(clients: readonly number[], act: (client: Client) => void): Promise<void> {
    let spokenTo = 0;
    for (const index of clients) {
      // It may have ended since the list was made.
      const client = this.#clients[index];
      if (client !== undefined) act(client);
      spokenTo += 1;
      if (spokenTo % SPOKEN_TO_PER_TURN === 0) await nextTurn();
    }
  }
}
