/**
 * What the hub keeps connections, memberships and messages in. The hub takes these when it is made, as it takes its
 * {@link FanOut}: the faults that leak come in here and nowhere else.
 */

import type { Connection } from './connection.ts';
import { RoomHistory } from './room-history.ts';

/** Makes one collection for each owner. */
export interface HubCollections {
  /** The hub's live connections. */
  readonly connections: () => Set<Connection>;
  /** One room's members. */
  readonly members: () => Set<Connection>;
  /** One room's last messages. */
  readonly history: () => RoomHistory;
}

/** Collections that keep what they are told to, and no more. */
export const PLAIN_COLLECTIONS: HubCollections = {
  connections: () => new Set(),
  members: () => new Set(),
  history: () => new RoomHistory(),
};
