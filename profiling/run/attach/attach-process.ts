/** `--attach PID`: a process that runs already, profiled without a restart, and left as it was found. */

import type { Attached } from '../../record/attached-process.ts';
import type { ServerObservation } from '../../sampling/server-view.ts';
import { AttachedProfiles } from '../attached-profiles.ts';
import type { ProfileSource } from '../profile-source.ts';
import { AttachedView, withForcedGc } from './attached-view.ts';
import { type InspectorDoor, openInspector } from './inspector-door.ts';
import { holdersOf } from './listening-ports.ts';
import { proveNode } from './prove-node.ts';
import { refused } from './refused.ts';

export interface AttachOptions {
  readonly pid: number;
  /** Port of the URL that is measured. */
  readonly port: number;
}

export interface AttachedProcess {
  readonly profiles: ProfileSource;
  /** How run.json describes it. */
  readonly description: Attached;
  /** Figures of the process alone; what a target shows itself stays the better source. */
  readonly view: ServerObservation;
  /** The same view with garbage collection that can be forced. */
  collecting(view: ServerObservation): ServerObservation;
  /** Leaves it as it was. @returns a sentence where that did not work; never throws */
  close(): Promise<string | undefined>;
}

/**
 * @throws TouchlineError `TL_ATTACH_REFUSED` when the pid does not prove to be what is expected; nothing was sent to it then
 */
export async function attachProcess({ pid, port }: AttachOptions): Promise<AttachedProcess> {
  const node = await proveNode(pid);
  const holders = await holdersOf(port);
  const door = await openInspector(node, [port]);
  try {
    const nodeVersion = await versionOf(pid, door);
    const profiles = new AttachedProfiles(door.client);
    const collectGarbage = () => profiles.collectGarbage();
    return {
      profiles,
      description: {
        pid,
        executable: node.executable,
        nodeVersion,
        openedInspector: door.opened,
        listenerPids: [...holders],
      },
      view: new AttachedView({ pid, client: door.client, collectGarbage }),
      collecting: (view) => withForcedGc(view, collectGarbage),
      close: async () => {
        // What could not be stopped ends with the session.
        await profiles.close().catch(() => undefined);
        return (await door.close()) ? undefined : leftOpen(pid, door);
      },
    };
  } catch (error) {
    await door.close();
    throw error;
  }
}

/** Electron runs Node.js inside and is another program: its name may be changed, its versions tell. */
async function versionOf(pid: number, { client }: InspectorDoor): Promise<string> {
  const told = await client.evaluate('[process.version, process.versions.electron ?? null]');
  const [version, electron] = Array.isArray(told) ? told : [];
  if (typeof version === 'string' && electron === null) return version;
  throw refused(pid, `a program with Node.js inside that is not Node.js (Electron ${String(electron)})`);
}

function leftOpen(pid: number, { port }: InspectorDoor): string {
  return `the inspector of ${pid} on port ${port} was opened for this run and could not be closed: restart the process, or close it with a debugger`;
}
