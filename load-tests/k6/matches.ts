/**
 * Matches: clients that watch a match, and commentary that is published to it at a fixed rate. Judged by the limits of the scenario
 * `concurrency`, as one of its tiers.
 *
 *   k6 run -e CLIENTS=100 -e RATE=10 -e DURATION=30s load-tests/k6/matches.ts
 */

import { matchTest } from './virtual-users/match-test.ts';

export const { options, setup, watch, publish, teardown, handleSummary } = matchTest('matches');
