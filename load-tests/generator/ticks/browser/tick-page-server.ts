/** Serves the page of a browser reader on loopback, and nothing else. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TouchlineError } from '../../../../server/protocol/touchline-error.ts';
import { PAGE_HTML } from './page-html.ts';

const HOST = '127.0.0.1';
/** The compiled files lie in their own folders, as they import each other. */
const SCRIPTS = new URL('../', import.meta.url);
const SCRIPT_PATH = /^\/((?:browser\/page|reading)\/[a-z-]+\.js)$/;

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src ws: wss:",
  // An isolated page's clock goes in steps of 5 µs and not of 100.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
} as const;

/**
 * A page's server. Start it before the server that is measured, whose `ALLOWED_ORIGINS` must have its
 * {@link TickPage.origin}.
 */
export class TickPage {
  /** Such as `http://127.0.0.1:43117`. */
  readonly origin: string;
  readonly #http: Server;

  private constructor(http: Server, port: number) {
    this.#http = http;
    this.origin = `http://${HOST}:${port}`;
  }

  /**
   * @param port 0 is a free one
   * @throws TouchlineError `TL_PORT_UNAVAILABLE` when it is taken
   */
  static async start(port = 0): Promise<TickPage> {
    const http = createServer((request, response) => {
      answer(request, response).catch(() => response.writeHead(500, HEADERS).end());
    });
    http.listen(port, HOST);
    try {
      await once(http, 'listening');
    } catch (cause) {
      throw new TouchlineError(
        'TL_PORT_UNAVAILABLE',
        `expected a free port for the browser's page; received ${String(cause)}`,
        { cause },
      );
    }
    const address = http.address();
    return new TickPage(http, typeof address === 'object' ? (address?.port ?? 0) : 0);
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }
}

async function answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url === '/') {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(PAGE_HTML);
    return;
  }
  const script = SCRIPT_PATH.exec(url)?.[1];
  const text = script === undefined ? null : await readScript(script);
  if (text === null) response.writeHead(404, HEADERS).end();
  else response.writeHead(200, { ...HEADERS, 'content-type': 'text/javascript; charset=utf-8' }).end(text);
}

async function readScript(path: string): Promise<string | null> {
  try {
    return await readFile(new URL(path, SCRIPTS), 'utf8');
  } catch {
    return null;
  }
}
