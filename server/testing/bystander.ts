/** A server with one client on it that must not notice what happens to the others. */

import { expect } from 'vitest';
import type { HubCounters } from '../hub/hub-counters.ts';
import type { SettingValues } from '../settings.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';
import { TestClient } from './test-client.ts';

const MATCH_ID = 7;

export class Bystander {
  readonly server: TestServer;
  readonly #client: TestClient;
  #published = 0;

  private constructor(server: TestServer, client: TestClient) {
    this.server = server;
    this.#client = client;
  }

  static async start(settings: Partial<SettingValues>): Promise<Bystander> {
    const server = await startTestServer(settings);
    const client = await TestClient.connect(server.wsUrl);
    await client.ask({ type: 'subscribe', matchId: MATCH_ID });
    return new Bystander(server, client);
  }

  get counters(): HubCounters {
    return this.server.sources.hubCounters;
  }

  closedWith(code: number): number {
    return this.counters.closedByCode.get(code) ?? 0;
  }

  refused(reason: string): number {
    return this.server.sources.transport().upgradesRefusedByReason[reason] ?? 0;
  }

  /** Publishes to its match, or to another one. @returns the status */
  async publish(text: string, matchId = MATCH_ID): Promise<number> {
    if (matchId === MATCH_ID) this.#published += 1;
    return publish(this.server.httpUrl, matchId, text);
  }

  /** It still gets every message, in order and nothing else, and the server found no defect of its own. */
  async isUndisturbed(): Promise<void> {
    expect(await this.publish('still here?')).toBe(201);
    expect(await this.#client.next()).toMatchObject({ type: 'commentary', offset: this.#published });
    expect(this.#client.pending).toBe(0);
    expect(this.server.defects).toEqual([]);
  }

  /** Resolves when the server has forgotten all connections but this one. */
  async isAlone(): Promise<void> {
    while (this.server.sources.connectionCount() > 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** Publishes one item of commentary. @returns the status */
export async function publish(httpUrl: string, matchId: number, text: string): Promise<number> {
  const answer = await fetch(`${httpUrl}/matches/${matchId}/commentary`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ minute: 1, text }),
  });
  await answer.arrayBuffer();
  return answer.status;
}
