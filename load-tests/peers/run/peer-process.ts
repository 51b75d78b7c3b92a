/** A peer as a child process: started, heard, stopped, never left behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import {
  type PeerAnnouncement,
  type PeerListening,
  parseAnnouncement,
} from '../contract/peer-announcement.ts';
import { type PeerPlan, peerArguments } from '../contract/peer-plan.ts';

/** Folder of the compiled peers. */
const PEERS_FOLDER = new URL('../', import.meta.url);
const START_TIMEOUT_MS = 20_000;
/** A peer inside a long turn hears SIGTERM only after it. */
const STOP_TIMEOUT_MS = 2_000;
const KEPT_STDERR = 2_000;

/** A program and the words that come before those of the contract. */
export interface PeerCommand {
  readonly program: string;
  readonly words: readonly string[];
}

export type StartedPeer =
  | { readonly kind: 'listening'; readonly listening: PeerListening; stop(): Promise<void> }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** @param entry of a compiled peer, below dist/load-tests/peers/ */
export function nodePeer(entry: string): PeerCommand {
  return { program: process.execPath, words: [fileURLToPath(new URL(entry, PEERS_FOLDER))] };
}

/**
 * Starts a peer and waits for its line.
 *
 * @throws TouchlineError `TL_SERVER_START_FAILED` when none comes
 */
export async function startPeer(command: PeerCommand, plan: PeerPlan): Promise<StartedPeer> {
  const child = spawn(command.program, [...command.words, ...peerArguments(plan)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C on the terminal is for whoever measures, who then stops the peer.
    detached: true,
  });
  // A peer that ended reads no more.
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit').catch(() => undefined);
  const stop = () => stopPeer(child, exited);
  try {
    const announcement = await firstLine(child);
    if (announcement.type === 'listening') return { kind: 'listening', listening: announcement, stop };
    await stop();
    return { kind: 'unavailable', reason: announcement.reason };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstLine(child: ReturnType<typeof spawn>): Promise<PeerAnnouncement> {
  let lastWords = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    lastWords = `${lastWords}${bytes.toString()}`.slice(-KEPT_STDERR);
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string) =>
      reject(
        new TouchlineError(
          'TL_SERVER_START_FAILED',
          `expected a peer to say where it listens; ${what}${lastWords === '' ? '' : `. Its last words:\n${lastWords}`}`,
        ),
      );
    const timer = setTimeout(() => fail(`nothing came within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    child.once('error', (error) => settle(() => fail(error.message)));
    child.once('close', (code, signal) => settle(() => fail(`it ended with ${signal ?? code}`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once('line', (line) =>
      settle(() => {
        try {
          resolve(parseAnnouncement(line));
        } catch (error) {
          reject(error);
        }
      }),
    );
  });
}

async function stopPeer(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
