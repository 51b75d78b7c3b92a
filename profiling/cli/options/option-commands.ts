/** Which commands an option may belong to. */

import { SCENARIO_NAMES } from '../../record/run-record.ts';

export const MEASURING = [...SCENARIO_NAMES, 'profile', 'benchmark'] as const;
export const RUNNING = [...MEASURING, 'baseline'] as const;
export const ALL = [...RUNNING, 'report'] as const;
/** What judges: a baseline is judged by the defaults. */
export const JUDGING = [...MEASURING, 'report'] as const;
/** Scenarios whose clients join a match. */
export const MATCHES = ['concurrency', 'broadcast', 'memory', 'churn', 'overhead'] as const;
/** What connects to `/ws` or `/ticks`, with addresses beside it. */
export const SOCKETS = MEASURING.filter((command) => command !== 'http');
export const TICKS = ['firehose', 'benchmark'] as const;
