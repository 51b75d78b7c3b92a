/**
 * Builds k6, in the version that load-tests/k6/go.mod pins, into .touchline/k6/k6; once, as long as the pin stays the
 * same. Needs Go 1.25 or later. With Docker it is not needed: docker compose up k6.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXIT_MISSING = 3;
const MODULE = fileURLToPath(new URL('../load-tests/k6/', import.meta.url));
const FOLDER = fileURLToPath(new URL('../.touchline/k6/', import.meta.url));
const STAMP = `${FOLDER}go.sum`;
export const K6_PROGRAM = `${FOLDER}k6`;

/** @returns whether the program is there now; says what is missing where it is not */
export function ensureK6() {
  const pinned = readFileSync(`${MODULE}go.sum`, 'utf8');
  if (existsSync(K6_PROGRAM) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === pinned) return true;
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) {
    console.error(
      'expected Go 1.25 or later on PATH, to build k6 with; there is none. Or use docker compose up k6.',
    );
    return false;
  }
  mkdirSync(FOLDER, { recursive: true });
  console.error('building k6 (about a minute, once) …');
  // A toolchain of its own would be a download; the Go that is there has to do.
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const words = ['build', '-trimpath', '-ldflags=-s -w', '-o', `${K6_PROGRAM}.part`, 'go.k6.io/k6/v2'];
  const { status } = spawnSync('go', words, { cwd: MODULE, stdio: 'inherit', env });
  if (status !== 0) return false;
  renameSync(`${K6_PROGRAM}.part`, K6_PROGRAM);
  writeFileSync(STAMP, pinned);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (ensureK6()) console.log(K6_PROGRAM);
  else process.exitCode = EXIT_MISSING;
}
