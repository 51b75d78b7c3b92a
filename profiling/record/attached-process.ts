/** The process that `--attach` looked into. */

import { type Static, Type } from 'typebox';

export const AttachedSchema = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  executable: Type.String(),
  nodeVersion: Type.String(),
  /** Whether the run opened its inspector, and closed it at the end. */
  openedInspector: Type.Boolean(),
  /** Processes that listen on the URL's port, as far as they could be seen. */
  listenerPids: Type.Array(Type.Integer()),
});

export type Attached = Static<typeof AttachedSchema>;

/**
 * A process that does not listen where the load goes may be another program, whose profile would explain nothing. It may
 * also be a worker of a cluster, or stand behind a proxy, so it is said and not refused.
 *
 * @returns a sentence; null where it listens itself, or nobody could be seen to listen
 */
export function listensElsewhere({ pid, listenerPids }: Attached): string | null {
  if (listenerPids.length === 0 || listenerPids.includes(pid)) return null;
  return `process ${pid} does not listen on the port of --url, ${listenerPids.join(', ')} does: right for a worker of a cluster or a server behind a proxy, else another program was looked into`;
}
