/** What can be seen of the target from outside: its metrics, and its memory after a forced collection. */

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { MetricsReading } from './metrics-reading.ts';
import { parsePrometheusText } from './prometheus-text.ts';

export interface ServerViewOptions {
  /** Full address of the Prometheus text; null when the target shows none. */
  readonly metricsUrl: string | null;
  /** Origin of the admin port; null when there is none. */
  readonly adminUrl: string | null;
  /** Bearer token of the admin port. */
  readonly adminToken: string | null;
  /** A reading that takes longer counts as failed. */
  readonly timeoutMs: number;
  /** The same of what makes the target work: collecting garbage, counting instances. @defaultValue 60000 */
  readonly workTimeoutMs?: number;
}

/** Counting the instances of every class takes 1 s alone, and over 15 s on a machine of two cores that ten processes want. */
const WORK_TIMEOUT_MS = 60_000;

/** What the scenario needs of it. */
export interface ServerObservation {
  /** @returns null when the target shows no metrics, or this scrape failed or was too slow */
  scrape(): Promise<MetricsReading | null>;
  /** Forces a full garbage collection. @returns whether it was done */
  collectGarbage(): Promise<boolean>;
  /** Asks the admin port for JSON. @returns null without a token, or when it did not answer with 200 and JSON */
  askAdmin(method: 'GET' | 'POST', path: string): Promise<unknown>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Reads over kept-alive connections, so that looking costs the target little. */
export class ServerView implements ServerObservation {
  private readonly options: ServerViewOptions;
  private readonly httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 2 });
  private readonly httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 2 });

  constructor(options: ServerViewOptions) {
    this.options = options;
  }

  async scrape(): Promise<MetricsReading | null> {
    const { metricsUrl } = this.options;
    if (metricsUrl === null) return null;
    const askedAtMs = performance.now();
    const answer = await this.ask('GET', metricsUrl);
    const answeredAtMs = performance.now();
    if (answer?.status !== 200) return null;
    const parsed = parsePrometheusText(answer.body);
    return parsed.ok ? new MetricsReading((askedAtMs + answeredAtMs) / 2, parsed.samples) : null;
  }

  async collectGarbage(): Promise<boolean> {
    return (await this.askAdmin('POST', '/debug/gc')) !== null;
  }

  async askAdmin(method: 'GET' | 'POST', path: string): Promise<unknown> {
    const { adminUrl, adminToken } = this.options;
    if (adminUrl === null || adminToken === null) return null;
    const answer = await this.ask(method, `${adminUrl}${path}`, adminToken);
    return answer?.status === 200 ? parseJson(answer.body) : null;
  }

  /** Ends the kept-alive connections. */
  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  /** @returns undefined when no whole answer came in time */
  private ask(method: 'GET' | 'POST', address: string, token?: string): Promise<Answer | undefined> {
    const url = new URL(address);
    const secure = url.protocol === 'https:';
    // The metrics may be somebody else's: the token goes to the admin port's routes only.
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return new Promise((resolve) => {
      const agent = secure ? this.httpsAgent : this.httpAgent;
      const { timeoutMs, workTimeoutMs = WORK_TIMEOUT_MS } = this.options;
      const signal = AbortSignal.timeout(method === 'GET' ? timeoutMs : workTimeoutMs);
      const request = (secure ? httpsRequest : httpRequest)(
        url,
        { method, agent, headers, signal },
        (response) => readBody(response, resolve),
      );
      request.once('error', () => resolve(undefined));
      request.end();
    });
  }
}

function readBody(response: IncomingMessage, resolve: (answer: Answer | undefined) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.once('end', () =>
    resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
  );
  response.once('error', () => resolve(undefined));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
