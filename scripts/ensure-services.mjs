/**
 * Before the tests: the real programs they drive must be there. Installs missing ones with apt where it may
 * (Debian or Ubuntu, as root or with password-less sudo); otherwise names the command and fails.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Program the tests call → Debian package that brings it, what the tests do with it, and the service that the package
 * starts where systemd runs.
 */
const SERVICES = [
  { program: 'chromium', package: 'chromium', use: 'opens the HTML report', path: process.env.CHROMIUM_PATH },
  { program: 'prometheus', package: 'prometheus', use: 'scrapes the server', daemon: 'prometheus' },
  { program: 'promtool', package: 'prometheus', use: 'tests the alerts' },
];

const missing = SERVICES.filter((service) => !isInstalled(service));
if (missing.length > 0) install(missing);

function isInstalled({ program, path }) {
  const candidates = path
    ? [path]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return candidates.some(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(services) {
  const packages = [...new Set(services.map((service) => service.package))];
  const command = `sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`;
  for (const service of services) {
    console.error(`missing: ${service.program} (${service.use})`);
  }
  const prefix = aptPrefix();
  if (prefix === undefined) return giveUp(command);
  console.error(`installing ${packages.join(', ')} with apt-get …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const [program, ...rest] = [...prefix, 'apt-get', ...words];
    const { status } = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    if (status !== 0) return giveUp(command);
  }
  stopDaemons(services, prefix);
  const stillMissing = services.filter((service) => !isInstalled(service));
  if (stillMissing.length > 0) giveUp(command);
}

/**
 * The tests start their own, on free ports. A service that came with what was installed just now is switched off again;
 * one that was there before is none of ours.
 */
function stopDaemons(services, prefix) {
  if (!existsSync('/run/systemd/system')) return;
  for (const { daemon } of services) {
    if (daemon === undefined) continue;
    console.error(`switching off the service ${daemon}, which its package has started …`);
    const [program, ...words] = [...prefix, 'systemctl', 'disable', '--now', daemon];
    spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** The words to put before apt-get, or undefined where it may not be used. */
function aptPrefix() {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function giveUp(command) {
  console.error(`The tests need these programs. Install them and run npm test again:\n  ${command}`);
  process.exitCode = 1;
}
