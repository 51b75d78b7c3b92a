/** How a bench begins and ends as a command: words in, exit code out, Ctrl-C between two turns. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import { listenForInterrupt } from '../cli/interrupt.ts';

export interface BenchCommand<Options> {
  readonly help: string;
  /** @returns null where help was asked for; throws `TL_USAGE` */
  parse(argv: readonly string[]): Options | null;
  /** @returns the exit code */
  run(options: Options, interrupted: AbortSignal): Promise<number>;
}

/** Carries it out with the words of `process.argv` and sets `process.exitCode`. */
export async function runBenchCommand<Options>({ help, parse, run }: BenchCommand<Options>): Promise<void> {
  const interrupt = listenForInterrupt((signal) => console.error(`${signal}: ending after this turn`));
  try {
    const options = parse(process.argv.slice(2));
    if (options === null) console.log(help);
    else process.exitCode = await run(options, interrupt.signal);
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.code === 'TL_USAGE' ? EXIT_CODES.usage.code : EXIT_CODES.runError.code;
  } finally {
    interrupt.dispose();
  }
}
