/** What each scenario measures, one line for `--help`: "Measures …". */

import type { ScenarioName } from '../record/run-record.ts';

export const SCENARIO_TITLES: Readonly<Record<ScenarioName, string>> = {
  concurrency: 'how many connections the server holds, tier by tier, with every delivery accounted for',
  broadcast:
    'how fast one match can be broadcast to its members, how a broadcast spreads, and what a slow reader does to the others',
  memory: 'whether the server gives back what its connections took: by counts first, then by growth',
  churn: 'what connections that come, go, break and reconnect all at once leave behind',
  firehose:
    'how many ticks a second arrive of those that a server says it sends, and what formats, modes, engines and readers make of it',
  overhead: 'what metrics, logs and profiling cost the server, side by side with a server that has none',
  http: 'how the HTTP endpoints answer a closed load of autocannon, with every request accounted for',
};
