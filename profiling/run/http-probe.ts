/** Whether anybody answers HTTP at an address. */

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/**
 * Asks for `/livez`; any answer will do, since what counts is that somebody is there. (Not `fetch`: it
 * refuses a list of ports that a server may well use.)
 *
 * @param origin `http://…` or `https://…`, without a trailing slash
 * @returns the reason why there was no answer; undefined when there was one
 */
export function probeHttp(origin: string, timeoutMs: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const ask = origin.startsWith('https:') ? httpsRequest : httpRequest;
    const request = ask(
      `${origin}/livez`,
      { agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (response) => {
        response.resume();
        resolve(undefined);
      },
    );
    request.once('error', resolve);
    request.end();
  });
}
