/** Who may change something over HTTP: everyone while the server is bound to loopback, else who has a token. */

import { isBearerToken } from './observability/admin-access.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import type { SettingValues } from './settings.ts';
import { isLoopback } from './transport/client-address.ts';

/**
 * Checks one request.
 *
 * @param authorization the Authorization header
 * @throws TouchlineError `TL_UNAUTHORIZED` when a token is due and missing, wrong, or not configured
 */
export function requirePublisher(
  authorization: string | undefined,
  { HOST, API_TOKEN, ADMIN_TOKEN }: SettingValues,
): void {
  if (isLoopback(HOST)) return;
  const tokens = [API_TOKEN, ADMIN_TOKEN].filter((token) => token !== null);
  if (tokens.length === 0) {
    throw new TouchlineError(
      'TL_UNAUTHORIZED',
      `expected API_TOKEN or ADMIN_TOKEN to be set on the server, because HOST ${HOST} is not loopback; neither is set`,
    );
  }
  if (tokens.some((token) => isBearerToken(authorization, token))) return;
  throw new TouchlineError(
    'TL_UNAUTHORIZED',
    `Authorization: expected Bearer with API_TOKEN or ADMIN_TOKEN; received ${authorization === undefined ? 'none' : 'another one'}`,
  );
}
