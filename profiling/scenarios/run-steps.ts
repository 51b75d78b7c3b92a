/** The steps of a scenario, one after the other: each may find that the run is over, and why. */

import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { RunOutcome } from '../record/run-envelope.ts';
import type { ScenarioContext } from './scenario.ts';

/**
 * Takes one step, unless the run is over.
 *
 * @param what names the step in a sentence: `the tier of 100 connections`
 * @returns why the run ends here, if it does
 */
export async function attempt(
  context: ScenarioContext,
  what: string,
  step: () => Promise<RunOutcome | undefined>,
): Promise<RunOutcome | undefined> {
  if (context.signal.aborted) return interruptedBefore(what);
  if (context.target.died.aborted) return targetDied(what);
  try {
    return await step();
  } catch (error) {
    // Anything else is a defect and must not look like a measurement.
    if (!(error instanceof TouchlineError)) throw error;
    // A signal to the whole process group may end the workers first.
    if (context.signal.aborted) return interruptedBefore(what);
    return { state: 'aborted', code: error.code, message: error.message };
  }
}

/** Why the run ends with a load; undefined when it goes on. */
export async function endAfter(
  { signal, target }: ScenarioContext,
  state: LoadResult['state'],
  what: string,
): Promise<RunOutcome | undefined> {
  if (signal.aborted) return { state: 'interrupted', message: `stopped by a signal in ${what}` };
  if (target.died.aborted) return targetDied(what);
  // A server that closes everybody but still answers is measured on: its closes are data.
  if (state === 'lost-target' && !(await target.isAlive())) return targetDied(what);
  return undefined;
}

/** The outcome of a run that a signal ended before `what`. */
export function interruptedBefore(what: string): RunOutcome {
  return { state: 'interrupted', message: `stopped by a signal before ${what} was measured` };
}

function targetDied(what: string): RunOutcome {
  return {
    state: 'aborted',
    code: 'TL_TARGET_DIED',
    message: `expected the target to run to the end; it went away in ${what}`,
  };
}
