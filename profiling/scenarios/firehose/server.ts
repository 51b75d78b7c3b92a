/** The server that most cells are measured on, and what is known of its own buffers. */

import { DEFAULT_TICK_READER_BYTES, MAX_TICKS_A_TURN } from '../../../server/protocol/tick-messages.ts';
import type { ServerBuffers } from '../../run/socket-buffers.ts';
import type { Target } from '../../run/target.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { CellRunner } from './cell-runner.ts';

export interface FirehoseServer {
  readonly target: Target;
  readonly engine: string;
  readonly runner: CellRunner;
  readonly context: ScenarioContext;
}

/** Of the reference server. */
export const SERVER_BUFFERS: ServerBuffers = {
  batchTicks: MAX_TICKS_A_TURN,
  conflationBytes: DEFAULT_TICK_READER_BYTES,
};
