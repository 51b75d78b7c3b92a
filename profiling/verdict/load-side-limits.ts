/** Failures that are the load side's own doing, told apart from the target's. */

import type { FailureCount } from '../../load-tests/generator/load-result.ts';

/**
 * Errors that only the machine of the caller can raise on connect: no free port or address, no free descriptor,
 * no memory for a socket.
 *
 * @see connect(2), socket(2)
 */
const LOAD_SIDE_REASONS: ReadonlyMap<string, 'ports' | 'fds' | 'memory'> = new Map([
  ['EADDRNOTAVAIL', 'ports'],
  ['EADDRINUSE', 'ports'],
  ['EMFILE', 'fds'],
  ['ENFILE', 'fds'],
  ['ENOBUFS', 'memory'],
  ['ENOMEM', 'memory'],
]);

/** What ran out on the load side; undefined when the reason is not the load side's. */
export function loadSideShortage(reason: string): 'ports' | 'fds' | 'memory' | undefined {
  return LOAD_SIDE_REASONS.get(reason);
}

/** Why the load side gave up what was under way as the run was to end. */
const GIVEN_UP = 'interrupted';

/** The failures that the load side brought on itself: it ran out of something, or the run was ended. */
export function ownFailures(failures: readonly FailureCount[]): readonly FailureCount[] {
  return failures.filter(({ reason }) => isGivenUp(reason) || loadSideShortage(reason) !== undefined);
}

export function isGivenUp(reason: string): boolean {
  return reason === GIVEN_UP;
}

/** The failures by which the load side ran into its own limits. */
export function loadSideFailures(failures: readonly FailureCount[]): readonly FailureCount[] {
  return failures.filter((failure) => loadSideShortage(failure.reason) !== undefined);
}

/** An answer of the target (an HTTP status, a close code): never a ceiling of the generator. */
export function isAnswer(reason: string): boolean {
  return /^(http|close)_/.test(reason);
}

export function countFailures(failures: readonly FailureCount[]): number {
  return failures.reduce((total, failure) => total + failure.count, 0);
}

/** Adds up equal reasons. */
export function mergeFailures(failures: readonly FailureCount[]): readonly FailureCount[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of failures) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
