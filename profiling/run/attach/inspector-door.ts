/** The inspector of a proven process: found where it is open already, opened by SIGUSR1 where it is not, and left as it was. */

import { setTimeout as sleep } from 'node:timers/promises';
import { askJson } from '../ask-json.ts';
import { CdpClient } from './cdp-client.ts';
import { type Listener, listeners, listenersOf } from './listening-ports.ts';
import { isStill, type NodeProcess } from './prove-node.ts';
import { refused } from './refused.ts';

const DEFAULT_PORT = 9229;
/** A busy process opens its inspector when its loop comes round. */
const OPEN_TIMEOUT_MS = 10_000;
/** A busy loop takes longer for the turns of {@link CLOSE}. */
const CLOSE_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 50;
const PROBE_TIMEOUT_MS = 1_000;
const PORT_OPTION = /--(?:inspect|inspect-port|debug-port)[= ](?:[^\s=]*:)?(\d+)(?=\s|$)/;
/**
 * Closes the inspector a second after the session ended. Node.js (seen on 20 and 24) writes to freed memory and dies by SIGSEGV when
 * it closes while the end of a session is under way (`WsHandler::OnCloseFrameWritten`). So many turns of the loop rather than one
 * timer: a process that was stopped for a while goes on with both at once. Nothing that it throws may reach the program.
 */
const CLOSE = `((inspector, turns) => {
  const timer = setInterval(() => {
    turns -= 1;
    if (turns > 0) return;
    clearInterval(timer);
    try { inspector.close(); } catch {}
  }, 100);
  timer.unref();
  return true;
})(require('node:inspector'), 10)`;

export interface InspectorDoor {
  readonly client: CdpClient;
  readonly port: number;
  /** Whether we opened it, and so close it. */
  readonly opened: boolean;
  /**
   * Ends the session, and the inspector where {@link opened}.
   *
   * @returns whether it is as it was before
   */
  close(): Promise<boolean>;
}

/**
 * Sends SIGUSR1 at most once, and only to the process that was proven.
 *
 * @param except ports of the process that are known to be something else, and are not asked
 * @throws TouchlineError `TL_ATTACH_REFUSED` when the inspector cannot be opened, `TL_ATTACH_FAILED` when it does not answer
 */
export async function openInspector(node: NodeProcess, except: readonly number[]): Promise<InspectorDoor> {
  const before = await listenersOf(node.pid);
  const found = await findInspector(before.filter(({ port }) => !except.includes(port)));
  if (found !== undefined) return enter(node, found, false);
  await assertPortFree(node, before);
  await signal(node);
  const known = new Set(before.map(({ inode }) => inode));
  return enter(node, await waitForInspector(node, known), true);
}

interface Found {
  readonly listener: Listener;
  readonly address: string;
}

async function enter(
  { pid }: NodeProcess,
  { listener, address }: Found,
  opened: boolean,
): Promise<InspectorDoor> {
  const client = await CdpClient.connect(address);
  const close = async (): Promise<boolean> => {
    if (!opened) {
      await client.close();
      return true;
    }
    // A process that ended meanwhile has closed everything.
    await client.evaluate(CLOSE).catch(() => undefined);
    await client.close();
    return waitUntilGone(pid, listener);
  };
  return { client, port: listener.port, opened, close };
}

async function signal(node: NodeProcess): Promise<void> {
  const { pid } = node;
  if (!(await isStill(node))) throw refused(pid, 'another process than a moment ago');
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    throw refused(pid, `Node.js that takes no signal of this user (${String(error)})`);
  }
}

/** Node.js does not try another port than its own. */
async function assertPortFree(node: NodeProcess, own: readonly Listener[]): Promise<void> {
  const port = inspectorPort(node);
  const taken = (await listeners(node.pid)).find((listener) => listener.port === port);
  if (taken === undefined || port === 0) return;
  const byItself = own.some(({ inode }) => inode === taken.inode);
  throw refused(
    node.pid,
    `Node.js whose inspector port ${port} is taken by ${byItself ? 'itself for something else' : 'another process'}`,
  );
}

/** What its command line or NODE_OPTIONS says; the default where they do not. */
export function inspectorPort({ words, nodeOptions }: Pick<NodeProcess, 'words' | 'nodeOptions'>): number {
  // Options of Node.js end where the program's name begins.
  const script = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  const own = script === -1 ? words : words.slice(0, script + 1);
  const typed = PORT_OPTION.exec(own.join(' ')) ?? PORT_OPTION.exec(nodeOptions);
  return typed?.[1] === undefined ? DEFAULT_PORT : Number(typed[1]);
}

async function waitForInspector(node: NodeProcess, known: ReadonlySet<string>): Promise<Found> {
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  while (performance.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
    const fresh = (await listenersOf(node.pid)).filter(({ inode }) => !known.has(inode));
    const found = await findInspector(fresh);
    if (found !== undefined) return found;
  }
  throw refused(
    node.pid,
    `Node.js that opened no inspector within ${OPEN_TIMEOUT_MS / 1_000} s of SIGUSR1 (it may use the signal for something of its own)`,
  );
}

/** The default port first, and each asked what Node.js alone answers. */
async function findInspector(candidates: readonly Listener[]): Promise<Found | undefined> {
  const likely = (port: number) => (port === DEFAULT_PORT ? 0 : 1);
  for (const listener of candidates.toSorted((left, right) => likely(left.port) - likely(right.port))) {
    const id = await sessionAt(listener);
    if (id !== undefined) return { listener, address: `ws://${listener.host}:${listener.port}/${id}` };
  }
  return undefined;
}

async function sessionAt({ host, port }: Listener): Promise<string | undefined> {
  const ask = async (path: string) => {
    const url = `http://${host}:${port}${path}`;
    const answer = await askJson({ method: 'GET', url, timeoutMs: PROBE_TIMEOUT_MS });
    return answer instanceof Error || answer.status !== 200 ? undefined : answer.body;
  };
  const version = await ask('/json/version');
  if (!/^node\.js\/v\d/.test(textAt(version, 'Browser'))) return undefined;
  const list = await ask('/json/list');
  const id = Array.isArray(list) ? textAt(list[0], 'id') : '';
  return /^[0-9a-f-]{36}$/.test(id) ? id : undefined;
}

function textAt(value: unknown, name: string): string {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : '';
}

async function waitUntilGone(pid: number, { inode }: Listener): Promise<boolean> {
  const deadline = performance.now() + CLOSE_TIMEOUT_MS;
  for (;;) {
    const open = (await listenersOf(pid)).some((listener) => listener.inode === inode);
    if (!open || performance.now() >= deadline) return !open;
    await sleep(LOOK_EVERY_MS);
  }
}
