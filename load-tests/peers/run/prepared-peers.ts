/** Finds out once which peers can be measured here, how each is started, and of what it is made. */

import { existsSync } from 'node:fs';
import type { PeerPlan } from '../contract/peer-plan.ts';
import { type BuildOptions, type BuiltPeer, buildPeer, type Toolchain } from './build-peers.ts';
import { PEERS, type PeerName } from './peer-catalogue.ts';
import { nodePeer, type PeerCommand, startPeer } from './peer-process.ts';

export interface PreparedPeer {
  readonly name: PeerName;
  readonly command: PeerCommand;
  /** Names and versions of what it is made of. */
  readonly version: string;
}

export interface UnmeasuredPeer {
  readonly name: PeerName;
  /** Why, and what would change it. */
  readonly reason: string;
}

export interface PreparedPeers {
  readonly measured: readonly PreparedPeer[];
  readonly unmeasured: readonly UnmeasuredPeer[];
}

const PROBE: PeerPlan = { readers: 1, format: 'json', perTurn: 1, ratePerSecond: 0, limit: 1, rooms: 1 };

/** @param onProgress told what is being done: the first build of a toolchain takes a minute */
export async function preparePeers(
  names: readonly PeerName[],
  options: BuildOptions & { readonly onProgress?: (text: string) => void },
): Promise<PreparedPeers> {
  const builds = new Map<Toolchain, Promise<BuiltPeer>>();
  const build = (toolchain: Toolchain): Promise<BuiltPeer> => {
    const known = builds.get(toolchain);
    if (known !== undefined) return known;
    options.onProgress?.(`building the ${toolchain} peer`);
    const started = buildPeer(toolchain, options);
    builds.set(toolchain, started);
    return started;
  };
  const measured: PreparedPeer[] = [];
  const unmeasured: UnmeasuredPeer[] = [];
  for (const name of names) {
    const peer = await preparePeer(name, build);
    if ('reason' in peer) unmeasured.push(peer);
    else measured.push(peer);
  }
  return { measured, unmeasured };
}

async function preparePeer(
  name: PeerName,
  build: (toolchain: Toolchain) => Promise<BuiltPeer>,
): Promise<PreparedPeer | UnmeasuredPeer> {
  const { start } = PEERS[name];
  if (start.kind === 'node') {
    const command = nodePeer(start.entry);
    if (command.words.every(existsSync)) return await probe(name, command, '');
    return { name, reason: `This build has no ${start.entry.replace(/^(\.\.\/)+/, '')}.` };
  }
  const built = await build(start.toolchain);
  if (built.kind === 'unavailable') return { name, reason: built.reason };
  return await probe(name, { program: built.program, words: start.words }, built.compiler);
}

async function probe(
  name: PeerName,
  command: PeerCommand,
  compiler: string,
): Promise<PreparedPeer | UnmeasuredPeer> {
  const peer = await startPeer(command, PROBE);
  if (peer.kind === 'unavailable') return { name, reason: peer.reason };
  await peer.stop();
  const version = [peer.listening.version, compiler].filter((text) => text !== '').join(', ');
  return { name, command, version };
}
