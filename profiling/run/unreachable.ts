/** The one error for a target that does not answer as it should. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';

/**
 * @param received what came instead, or the error that came
 * @returns `TL_TARGET_UNREACHABLE`
 */
export function unreachable(expected: string, received: unknown): TouchlineError {
  return new TouchlineError(
    'TL_TARGET_UNREACHABLE',
    `expected ${expected}; received ${describeCause(received)}`,
  );
}

/** A refused connection to several addresses hides its reason in `errors`. */
function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return describeCause(error.errors[0]);
  return error.message === '' ? error.name : error.message.trim();
}
