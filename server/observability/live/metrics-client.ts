/** Fetches `/metrics` of other processes on this machine: briefly, and no more than fits. */

import { Agent, type ClientRequest, get, type IncomingMessage } from 'node:http';

/** A target that takes longer is late for this second. */
const TIMEOUT_MS = 1_000;
/** A server's text is about 60 KB. */
const MAX_BYTES = 2_097_152;

export class MetricsClient {
  /** One connection for each target, kept as Prometheus keeps it: a new one a second would stand in every count. */
  #agent = newAgent();

  /**
   * @param address host and port
   * @throws Error in words that can be shown
   */
  async fetch(address: string): Promise<string> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.#ask(address, signal);
    } catch (error) {
      if (signal.aborted) throw new Error(`expected an answer within ${TIMEOUT_MS} ms; none came`);
      if (isConnectionError(error, 'ECONNREFUSED')) throw new Error('nobody listens there any more');
      throw error;
    }
  }

  /** Ends all connections; may be used again. */
  close(): void {
    this.#agent.destroy();
    this.#agent = newAgent();
  }

  async #ask(address: string, signal: AbortSignal): Promise<string> {
    const request = get(`http://${address}/metrics`, { agent: this.#agent, signal });
    try {
      return await read(await answered(request));
    } catch (error) {
      // The other end closed a kept connection at the moment of asking.
      if (request.reusedSocket && isConnectionError(error, 'ECONNRESET')) return this.#ask(address, signal);
      throw error;
    }
  }
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

function isConnectionError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`expected 200; received ${response.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`expected at most ${MAX_BYTES} bytes; more came`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
