/** `npm run calibrate`: measures the generator on this machine, prints the figures and keeps them. */

import { parseArgs } from 'node:util';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { calibrate } from '../calibration/calibrate.ts';
import { busyWarning } from '../calibration/calibration.ts';
import { writeCalibration } from '../calibration/calibration-store.ts';
import { calibrationTable } from './calibration-table.ts';

/** Where the profiler looks for it, under the working folder. */
const FOLDER = '.touchline';

const HELP = `Measures what this machine's load generator can do, against a built-in sink, and keeps the figures in
${FOLDER}/calibration.json for the profiler.

  npm run calibrate -- [options]

  --quick   fan-outs to 1,000 only, in at most 8 s (all of it takes up to 50 s)
  --json    one JSON object on stdout instead of the table (use npm run -s)
  --help    this text

Exit codes: 0 done · 2 usage · 3 run error · 130 interrupted`;

const EXIT = { usage: 2, runError: 3, interrupted: 130 } as const;

interface Arguments {
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

function parseArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    return { quick: values.quick === true, json: values.json === true, help: values.help === true };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError('TL_USAGE', `${message} The options are --quick, --json and --help.`, { cause });
  }
}

async function main(interrupted: AbortSignal): Promise<void> {
  const { quick, json, help } = parseArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const calibration = await calibrate({
    quick,
    signal: interrupted,
    onProgress: (text) => console.error(`measuring ${text}`),
  });
  await writeCalibration(FOLDER, calibration);
  console.log(json ? JSON.stringify(calibration) : calibrationTable(calibration));
  const warning = busyWarning(calibration);
  if (warning !== null) console.error(`warning: ${warning}`);
  console.error(`kept in ${FOLDER}/calibration.json`);
}

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
try {
  await main(interruption.signal);
} catch (error) {
  if (interruption.signal.aborted) {
    console.error('interrupted: nothing was kept');
    process.exitCode = EXIT.interrupted;
  } else if (error instanceof TouchlineError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.code === 'TL_USAGE' ? EXIT.usage : EXIT.runError;
  } else {
    throw error;
  }
}
