/** Answers of the admin port: a status, a body, and errors as `{"code","message"}`. */

import type { ServerResponse } from 'node:http';
import type { TouchlineErrorCode } from '../protocol/touchline-error.ts';

export interface AdminAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Status of each code that the admin port answers with; any other error is a defect. */
export const ADMIN_ERROR_STATUS: ReadonlyMap<TouchlineErrorCode, number> = new Map([
  ['TL_BODY_INVALID', 400],
  ['TL_UNAUTHORIZED', 401],
  ['TL_HOST_FORBIDDEN', 403],
  ['TL_NOT_FOUND', 404],
  ['TL_METHOD_NOT_ALLOWED', 405],
  ['TL_SNAPSHOT_RUNNING', 409],
  ['TL_PROFILE_RUNNING', 409],
  ['TL_PROFILE_NOT_RUNNING', 409],
  ['TL_INTERNAL', 500],
  ['TL_GC_UNAVAILABLE', 501],
  ['TL_CLASS_COUNTS_UNAVAILABLE', 501],
  ['TL_PROFILE_UNAVAILABLE', 501],
  ['TL_TOO_MANY_PAGES', 503],
]);

/** A JSON answer; 200 unless a status is given. */
export function jsonAnswer(value: unknown, status = 200): AdminAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}

/** An error answer with the status that belongs to its code. */
export function errorAnswer(
  code: TouchlineErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): AdminAnswer {
  return { ...jsonAnswer({ code, message }, ADMIN_ERROR_STATUS.get(code) ?? 500), headers };
}

/** Writes an answer. Nothing here may be kept by a cache or guessed to be another type. */
export function sendAnswer(response: ServerResponse, answer: AdminAnswer): void {
  response.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(answer.body);
}
