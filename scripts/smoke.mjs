/**
 * Runs each command for a few seconds on another Node version (default 24, from the npm package `node`,
 * kept outside the project's dependencies), and fails when one ends otherwise than it should.
 *
 * node scripts/smoke.mjs [version]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const version = process.argv[2] ?? '24';
const cache = join('.touchline', `node-${version}`);
const node = join(cache, 'node_modules/node/bin/node');
const out = mkdtempSync(join(tmpdir(), 'touchline-smoke-'));
let failed = 0;

if (!existsSync(node)) {
  const npm = spawnSync(
    'npm',
    ['install', '--prefix', cache, '--no-save', '--loglevel=error', `node@${version}`],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (npm.status !== 0 || !existsSync(node))
    throw new Error(`could not install the npm package node@${version}`);
}
console.log(`smoke on ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`);

expectExit('calibrate --quick', 0, ['load-tests/calibrate.js', '--quick']);
expectExit('load:k6 --help', 0, ['load-tests/k6.js', '--help']);
expectExit('profile:concurrency --help', 0, ['profiling/websocket-concurrent-test.js', '--help']);
const run = ['--tiers', '5,50', '--duration', '2s', '--out', join(out, 'run')];
// A busy CI machine may make a two-second run inconclusive (4); it must never fail or crash.
expectExit('profile:concurrency', [0, 4], ['profiling/websocket-concurrent-test.js', ...run]);
expectExit('profile:concurrency --fault', 1, [
  'profiling/websocket-concurrent-test.js',
  ...['--tiers', '20', '--duration', '2s', '--fault', 'drop-deliveries=10%', '--out', join(out, 'fault')],
]);
expectExit(
  'report',
  [0, 4],
  ['profiling/report.js', join(out, 'run', 'run.json'), '--out', join(out, 'again')],
);
expectExit('profile:concurrency --nonsense', 2, ['profiling/websocket-concurrent-test.js', '--nonsense']);
expectExit('profile:flame', 0, [
  'profiling/flame.js',
  ...['--scenario', 'concurrency', '--tiers', '5', '--duration', '1s', '--warm-up', '0'],
  ...['--out', join(out, 'flame')],
]);
const flame = join(out, 'flame', 'flame.html');
check(
  'flame.html',
  existsSync(flame) && readFileSync(flame, 'utf8').includes('dist/server/hub/'),
  'names our functions',
);
await expectServer();
const html = join(out, 'again', 'report.html');
check('report.html', existsSync(html) && readFileSync(html, 'utf8').includes('<svg'), 'written, with charts');

rmSync(out, { recursive: true, force: true });
console.log(failed === 0 ? 'smoke passed' : `smoke: ${failed} failed`);
if (failed > 0) process.exitCode = 1;

function expectExit(name, expected, words) {
  const { status, stderr } = spawnSync(node, words, { encoding: 'utf8', timeout: 120_000 });
  const allowed = [expected].flat();
  check(name, allowed.includes(status), `exit ${status}, expected ${allowed.join(' or ')}`);
  if (!allowed.includes(status)) console.log(stderr.slice(-2_000));
}

async function expectServer() {
  const server = spawn(node, ['--expose-gc', 'dist/server/main.js'], {
    env: { ...process.env, PORT: '0', ADMIN_PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const listening = await Promise.race([new Promise((resolve) => server.once('message', resolve)), ended]);
  const answer = await fetch(`${listening.httpUrl}/livez`);
  server.kill('SIGTERM');
  const status = await ended;
  check('start, /livez, SIGTERM', answer.ok && status === 0, `/livez ${answer.status}, exit ${status}`);
}

function check(name, good, detail) {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}: ${detail}`);
  if (!good) failed += 1;
}
