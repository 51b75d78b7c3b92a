/** What `npm run load:k6 -- --help` says. */

import { K6_SCRIPT_NAMES, K6_SCRIPTS, type ScriptDefinition } from '../k6/lib/script-catalogue.ts';

export function k6Help(): string {
  return `Drives a server with k6.

  npm run load:k6 -- [script] [options] [-- words for k6 run]

${K6_SCRIPT_NAMES.map(scriptText).join('\n')}

Without a script it is matches.

  --vus N         clients; in matches and broadcast fifty share a virtual user of k6, which saves CPU, else each is one
  --rate N        what is done a second, by the clock and not by answers
  --duration T    how long the load goes on, such as 30s or 2m
  --url URL       a server that runs already, such as ws://127.0.0.1:8000; without it the one at 127.0.0.1:8000 if it runs,
                  else one that is started for the test
  --fault F       of a server that is started for the test, such as drop-deliveries=1%: the test must fail; again for more
  --json          one JSON object on stdout instead of the summary (use npm run -s)
  --build         builds k6 with Go into .touchline/k6, and does nothing else
  --help          this text

API_TOKEN, MATCH_ID, SAMPLE_EVERY and TESTID are read from the environment, and PROMETHEUS_URL (http://127.0.0.1:9090 unless
set): where a Prometheus answers, k6 pushes to it and the k6 board shows the test.

k6 2.x is taken from PATH, else from .touchline/k6, else from Docker, else it is built with Go 1.25 or later.

Exit codes: 0 held all limits · 1 broke one (99 of k6) · 2 usage · 3 could not run · 4 inconclusive: k6 itself
did not keep up · 130 interrupted`;
}

function scriptText(name: (typeof K6_SCRIPT_NAMES)[number]): string {
  const definition: ScriptDefinition = K6_SCRIPTS[name];
  const { help, clients, clientsAre, ratePerSecond, rateIs, durationSeconds } = definition;
  const vus = clientsAre === null ? '' : `${clients} ${clientsAre}, `;
  return `  ${name.padEnd(10)} ${help}\n${' '.repeat(13)}${vus}${ratePerSecond} ${rateIs} a second, ${durationSeconds} s`;
}
