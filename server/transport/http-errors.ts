/** HTTP answers for what goes wrong: one status for each code, one shape of body. */

import type { TouchlineErrorCode } from '../protocol/touchline-error.ts';

/** Every code the public port answers with, and its status. PROTOCOL.md mirrors it (checked by a test). */
export const HTTP_STATUS_BY_CODE = {
  TL_BODY_INVALID: 400,
  TL_REQUEST_INVALID: 400,
  TL_UPGRADE_INVALID: 400,
  TL_UNAUTHORIZED: 401,
  TL_HOST_FORBIDDEN: 403,
  TL_ORIGIN_FORBIDDEN: 403,
  TL_NOT_FOUND: 404,
  TL_METHOD_NOT_ALLOWED: 405,
  TL_BODY_TOO_LARGE: 413,
  TL_CONTENT_TYPE: 415,
  TL_INTERNAL: 500,
  TL_DRAINING: 503,
  TL_TOO_MANY_CONNECTIONS: 503,
} as const satisfies Partial<Record<TouchlineErrorCode, number>>;

export type HttpErrorCode = keyof typeof HTTP_STATUS_BY_CODE;

/** The body of every error answer. */
export interface HttpErrorBody {
  readonly code: HttpErrorCode;
  /** What was expected and what came. */
  readonly message: string;
}

export function isHttpErrorCode(code: TouchlineErrorCode): code is HttpErrorCode {
  return Object.hasOwn(HTTP_STATUS_BY_CODE, code);
}
