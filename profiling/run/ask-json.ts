/** One HTTP request with JSON both ways. (Not `fetch`: it refuses a list of ports that a server may well use.) */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  /** Bearer token. */
  readonly token?: string | undefined;
  readonly timeoutMs: number;
}

export interface JsonAnswer {
  readonly status: number;
  /** Parsed; the text itself where it is no JSON. */
  readonly body: unknown;
}

/** @returns the answer, whatever its status; the reason when there was none in time */
export function askJson({ method, url, body, token, timeoutMs }: JsonRequest): Promise<JsonAnswer | Error> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve) => {
    const ask = url.startsWith('https:') ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(timeoutMs);
    const request = ask(url, { method, headers, agent: false, signal }, (response) => {
      readAnswer(response, resolve);
    });
    request.once('error', resolve);
    request.end(text);
  });
}

function readAnswer(response: IncomingMessage, resolve: (answer: JsonAnswer | Error) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.once('error', resolve);
  response.once('end', () => {
    const text = Buffer.concat(parts).toString('utf8');
    resolve({ status: response.statusCode ?? 0, body: parsed(text) });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
