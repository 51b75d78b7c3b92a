/** The server that is measured, whether the profiler started it or it ran before. */

import type { LoadTarget } from '../../load-tests/generator/load-plan.ts';
import type { Override, RunTarget } from '../record/run-envelope.ts';
import type { ServerObservation } from '../sampling/server-view.ts';
import type { ProfileSource } from './profile-source.ts';
import type { TickControl } from './tick-control.ts';

export interface Target {
  readonly load: LoadTarget;
  readonly view: ServerObservation;
  /** Of a server that has a tick feed; asked by nobody else. */
  readonly ticks: TickControl;
  /** Null where the process gives nobody a profile; {@link whyNoProfiles} tells why, and what would help. */
  readonly profiles: ProfileSource | null;
  /** A sentence; null where there are profiles. */
  readonly whyNoProfiles: string | null;
  /** Of a process that the profiler started. */
  readonly pid?: number;
  /** How run.json describes it. */
  readonly description: RunTarget;
  /** Empty for a server that ran before. */
  readonly overrides: readonly Override[];
  /** One sentence for each figure that cannot be seen, and what would show it. */
  readonly blindSpots: readonly string[];
  /** Aborted when the target is known to have gone away. */
  readonly died: AbortSignal;
  /** Whether it still answers. */
  isAlive(): Promise<boolean>;
  /** Lets go of it; one that the profiler started is drained and ended. Never throws. */
  close(): Promise<void>;
}

/** Longest a scrape may take; a slower one is a missing figure. A saturated target may need seconds. */
export const SCRAPE_TIMEOUT_MS = 15_000;
