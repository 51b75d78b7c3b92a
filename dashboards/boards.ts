/** All boards, in the order a newcomer should open them. There is room here for chat, threads and Redis. */

import type { BoardSpec } from './board.ts';
import { BROADCAST_TICKS } from './boards/broadcast-ticks.ts';
import { K6 } from './boards/k6.ts';
import { MEMORY_RUNTIME } from './boards/memory-runtime.ts';
import { OVERVIEW } from './boards/overview.ts';
import { PROFILING_RUN } from './boards/profiling-run.ts';

export const BOARDS: readonly BoardSpec[] = [OVERVIEW, BROADCAST_TICKS, MEMORY_RUNTIME, PROFILING_RUN, K6];
