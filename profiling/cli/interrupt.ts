/** Ctrl-C: the first ends the run in order, the second ends the program at once. */

import { EXIT_CODES } from './exit-codes.ts';

export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Gives signals their usual meaning back. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param onFirst called once, with the signal's name */
export function listenForInterrupt(onFirst: (signal: NodeJS.Signals) => void): Interrupt {
  const controller = new AbortController();
  const listener = (name: NodeJS.Signals) => {
    // Children end with this process: the server is killed on exit, workers lose their channel.
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    controller.abort();
    onFirst(name);
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}
