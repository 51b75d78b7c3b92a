/** `npm run load:k6`: drives a server with one of the k6 scripts. */

import { fileURLToPath } from 'node:url';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { besideText } from '../k6-runner/beside-text.ts';
import { ensureBuiltK6 } from '../k6-runner/find-k6.ts';
import { EXIT } from '../k6-runner/k6-outcome.ts';
import { type K6Result, type K6Surroundings, runK6 } from '../k6-runner/run-k6.ts';
import { type K6RunOptions, readK6Options } from '../k6-runner/run-options.ts';
import { k6Help } from './load-k6-help.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Does what the command line says and sets the exit code.
 *
 * @param argv without node and the script
 */
export async function main(argv: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // k6 ends its test and tells of it; whoever asks twice does not want to wait for that.
      if (interruption.signal.aborted) process.exit(EXIT.interrupted);
      interruption.abort();
    });
  }
  const surroundings: K6Surroundings = {
    projectFolder: PROJECT_FOLDER,
    environment: process.env,
    onNote: (text) => console.error(text),
    interrupted: interruption.signal,
  };
  try {
    process.exitCode = await act(argv, surroundings);
  } catch (error) {
    if (interruption.signal.aborted) {
      console.error('interrupted');
      process.exitCode = EXIT.interrupted;
      return;
    }
    if (!(error instanceof TouchlineError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.code === 'TL_USAGE' ? EXIT.usage : EXIT.runError;
  }
}

async function act(argv: readonly string[], surroundings: K6Surroundings): Promise<number> {
  const asked = readK6Options(argv, surroundings.environment);
  switch (asked.kind) {
    case 'help':
      console.log(k6Help());
      return EXIT.pass;
    case 'build': {
      const { note } = await ensureBuiltK6(surroundings);
      console.log(note);
      return EXIT.pass;
    }
    case 'run': {
      const result = await runK6(asked, surroundings);
      tell(result, asked);
      return result.exitCode;
    }
  }
}

function tell(result: K6Result, { json, script }: K6RunOptions): void {
  const { note, verdict, summary, url, testId, exitCode, server, cores } = result;
  if (json) {
    console.log(JSON.stringify({ script, verdict, exitCode, url, testId, summary, server, cores }));
  } else if (summary !== null) {
    process.stdout.write(besideText({ summary, server, cores }));
  }
  if (note !== '') console.error(note);
}
