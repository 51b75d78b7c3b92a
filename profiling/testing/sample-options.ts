/** The options of a small run, as a scenario takes them. */

import type { ScenarioOptions } from '../scenarios/scenario-options.ts';

/** Two tiers, a second each; `changes` replace single options. */
export function sampleOptions(changes: Partial<ScenarioOptions> = {}): ScenarioOptions {
  return {
    quick: false,
    tiers: [10, 50],
    connections: 100,
    measureMs: 1_000,
    warmUpMs: 0,
    broadcastsPerSecond: 10,
    rates: [10, 100],
    publishers: 10,
    closedMs: 1_000,
    slowReaders: 1,
    cycles: 10,
    snapshotHeapLimitBytes: 64_000_000,
    connectsPerSecond: 200,
    stormClients: 100,
    rounds: 4,
    ticks: {
      maxRate: 1_000_000,
      readers: [1, 10],
      formats: ['json', 'binary'],
      modes: ['naive', 'framed', 'corked', 'coalesced'],
      engines: ['ws', 'uws'],
      kinds: ['lean', 'ws'],
      benchmark: undefined,
    },
    http: { endpoints: ['livez', 'publish'], paths: [], timeoutMs: 10_000 },
    arrival: 'uniform',
    client: 'lean',
    seed: 7,
    matchId: undefined,
    ...changes,
  };
}
