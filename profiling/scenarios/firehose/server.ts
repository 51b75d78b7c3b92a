/** The server that most cells are measured on, and what is known of its own buffers. */

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
export const SERVER_BUFFERS: ServerBuffers = { batchTicks: null, conflationBytes: null };
