/**
 * Broadcast: many messages a second to the clients of one match. Judged by the limits of the scenario `broadcast`; the rate stays,
 * and is by default the one that the scenario must sustain. Its closed phase is left out: what ten publishers without a schedule
 * send to a hundred clients is more than k6 can read.
 *
 *   k6 run -e CLIENTS=100 -e RATE=100 -e DURATION=30s load-tests/k6/broadcast.ts
 */

import { matchTest } from './virtual-users/match-test.ts';

export const { options, setup, watch, publish, teardown, handleSummary } = matchTest('broadcast');
