/** What a leak that clings to connections is told: when one opens, and when it ended. */

import type { Connection } from '../hub/connection.ts';

export interface ConnectionLeak {
  /** How many connections left something behind. */
  readonly injections: number;
  opened(connection: Connection): void;
  ended(connection: Connection): void;
  /** The server stops: nothing may keep running. */
  stop(): void;
}
