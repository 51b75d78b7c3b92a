/** Two snapshots say something about growth only when one process wrote them, in this order. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ObjectIds } from './object-ids.ts';

/**
 * An object keeps its id and its class as long as it lives, and ids rise. In snapshots of one process every shared id was of the same
 * class and none came late; in those of two processes of one program a fifth were of another class.
 */
const LEAST_SAME_RATIO = 0.99;
const MOST_LATE_BELOW_RATIO = 0.01;
const MOST_LATE_BELOW = 10;

/** A snapshot and what it is called in a message. */
export interface NamedIds {
  readonly file: string;
  readonly ids: ObjectIds;
}

/** @throws TouchlineError `TL_SNAPSHOTS_UNRELATED` */
export function requireRelated(earlier: NamedIds, later: NamedIds): void {
  const { shared, same, lateBelow, lateAbove } = earlier.ids.compare(later.ids);
  const pair = `${earlier.file} and ${later.file}`;
  const expected = 'expected snapshots of one process, the earlier one first';
  if (shared === 0 || same < shared * LEAST_SAME_RATIO) {
    throw unrelated(
      `${expected}; received ${pair}, in which ${shared - same} of ${shared} ids belong to different classes: they are of different processes`,
    );
  }
  if (lateAbove === 0 && lateBelow === 0 && earlier.ids.size === later.ids.size) {
    throw unrelated(`${expected}; received ${pair}, which are the same snapshot`);
  }
  if (lateAbove === 0) {
    throw unrelated(
      `${expected}; received ${pair}, of which the second was taken first: no id in it is newer`,
    );
  }
  if (lateBelow > Math.max(MOST_LATE_BELOW, (lateAbove + lateBelow) * MOST_LATE_BELOW_RATIO)) {
    throw unrelated(
      `${expected}; received ${pair}, the second with ${lateBelow} objects older than the first that the first does not know: they are of different processes`,
    );
  }
}

function unrelated(message: string): TouchlineError {
  return new TouchlineError('TL_SNAPSHOTS_UNRELATED', message);
}
