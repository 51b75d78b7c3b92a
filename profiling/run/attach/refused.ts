/** The one error for a process that cannot be attached to. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

/** @returns `TL_ATTACH_REFUSED`: what `--attach` takes, and what `pid` is */
export function refused(pid: number, why: string): TouchlineError {
  return new TouchlineError(
    'TL_ATTACH_REFUSED',
    `expected --attach <pid of a Node.js process of yours on this machine>; received ${pid}: ${why}`,
  );
}
