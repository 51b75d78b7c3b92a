/** A server under a tool is profiled by that tool alone. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../run/profile-source.ts';

/**
 * Two profilers measure each other. V8 has one sampler of the heap besides: whoever stops it ends it for both, and clinic
 * then leaves nothing. Heap snapshots are still taken.
 *
 * @param title of the tool
 * @returns the source, with profiles refused as `TL_PROFILE_RUNNING`
 */
export function snapshotsOnly(source: ProfileSource, title: string): ProfileSource {
  const refuse = () =>
    Promise.reject(
      new TouchlineError(
        'TL_PROFILE_RUNNING',
        `expected a server without a profiler; it runs under ${title}, and two would measure each other`,
      ),
    );
  return { ...source, startCpu: refuse, stopCpu: refuse, startHeap: refuse, stopHeap: refuse };
}
