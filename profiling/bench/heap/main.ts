/**
 * `npm run bench:heap`: seconds and memory that comparing three heap snapshots takes, beside what JSON.parse alone takes for the same files.
 * Entry file.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatBytes } from '../../verdict/quantities.ts';

/** Some 100 MB a snapshot. */
const FULL_ROWS = 300_000;
const QUICK_ROWS = 20_000;
const SESSIONS = 300;
const MOST_MS = 300_000;

const USAGE = `Compares three heap snapshots of about 100 MB, beside JSON.parse of the same files.

  npm run bench:heap -- [--quick] [--rows N] [--rounds N]

  --quick     small snapshots: shows that everything runs; its figures are no measurement
  --rows N    objects of the measured heap; ${FULL_ROWS.toLocaleString('en')} make about 100 MB
  --rounds N  1; ways take turns
  --help      this text`;
const EXIT_USAGE = 2;
const EXIT_FAILED = 3;

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly found: string;
}

function runChild(script: string, ...words: readonly string[]): string {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file, ...words], {
    encoding: 'utf8',
    timeout: MOST_MS,
  });
  if (status === 0) return stdout;
  throw new Error(`expected ${script} to end well; it ended with ${signal ?? status}:\n${stderr}`);
}

function bench(rows: number, rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-bench-heap-'));
  try {
    runChild('leaking-child.js', folder, String(rows), String(SESSIONS));
    const files = [0, 1, 2].map((name) => join(folder, `${name}.heapsnapshot`));
    const sizes = files.map((file) => formatBytes(statSync(file).size)).join(', ');
    console.log(`Three snapshots: ${sizes}; ${SESSIONS} sessions leaked in each interval`);
    for (let round = 1; round <= rounds; round += 1) {
      const [ours, theirs] = ['touchline', 'JSON.parse'].map((way) => {
        const measured: Measured = JSON.parse(runChild('compared-child.js', way, String(SESSIONS), ...files));
        const { seconds, cpuSeconds, rssBytes, found } = measured;
        console.log(
          `  round ${round}  ${way.padEnd(10)}  ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, peak RSS ${formatBytes(rssBytes)}: ${found}`,
        );
        return measured;
      });
      if (ours === undefined || theirs === undefined) continue;
      const ratio = (of: (measured: Measured) => number) => (of(ours) / of(theirs)).toFixed(2);
      console.log(
        `  round ${round}  ratio       ${ratio((m) => m.seconds)} of its time, ${ratio((m) => m.cpuSeconds)} of its CPU, ${ratio((m) => m.rssBytes)} of its memory (target < 30 s, < 1 GB)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns null for words that are none of these */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        rows: { type: 'string' },
        rounds: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    const rows = Number(values.rows ?? (values.quick ? QUICK_ROWS : FULL_ROWS));
    const rounds = Number(values.rounds);
    if ([rows, rounds].every((count) => Number.isInteger(count) && count > 0)) {
      return { help: values.help, rows, rounds };
    }
    console.error('TL_USAGE: --rows and --rounds take whole numbers from 1 on');
  } catch (error) {
    console.error(`TL_USAGE: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

// Last: what stands above must be there before it runs.
const options = readOptions();
if (options === null) process.exitCode = EXIT_USAGE;
else if (options.help) console.log(USAGE);
else {
  try {
    bench(options.rows, options.rounds);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT_FAILED;
  }
}
