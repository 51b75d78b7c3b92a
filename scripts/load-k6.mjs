/**
 * `npm run load:k6`: drives a running server with load-tests/k6/matches.js, and pushes what k6 sees to Prometheus if one
 * answers (PROMETHEUS_URL, http://127.0.0.1:9090 unless set). URL, CLIENTS, RATE, DURATION, API_TOKEN and TESTID are
 * read from the environment; further words go to `k6 run`.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureK6, K6_PROGRAM } from './build-k6.mjs';

const EXIT_MISSING = 3;
const SCRIPT = fileURLToPath(new URL('../load-tests/k6/matches.js', import.meta.url));
const prometheusUrl = process.env.PROMETHEUS_URL || 'http://127.0.0.1:9090';

if (ensureK6()) await run();
else process.exitCode = EXIT_MISSING;

async function run() {
  const testId = process.env.TESTID || `k6-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  const output = (await answers()) ? ['--out=experimental-prometheus-rw', `--tag=testid=${testId}`] : [];
  if (output.length === 0) console.error(`no Prometheus at ${prometheusUrl}: only the summary is shown`);
  const words = ['run', ...output, ...process.argv.slice(2), SCRIPT];
  const k6 = spawn(K6_PROGRAM, words, { stdio: 'inherit', env: environment() });
  // Ctrl-C reaches k6, too; it ends its test and says how it was.
  process.on('SIGINT', () => {});
  k6.on('exit', (code) => {
    process.exitCode = code ?? EXIT_MISSING;
  });
}

async function answers() {
  try {
    const { ok } = await fetch(`${prometheusUrl}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    return ok;
  } catch {
    return false;
  }
}

/** As in docker-compose.yml. Without the internet, k6 looks for nothing there. */
function environment() {
  return {
    K6_PROMETHEUS_RW_SERVER_URL: `${prometheusUrl}/api/v1/write`,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
    K6_PROMETHEUS_RW_TREND_STATS: 'p(50),p(95),p(99),max',
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    ...process.env,
  };
}
