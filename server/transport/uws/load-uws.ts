/** Finds uWebSockets.js when it is wanted. It is not among the packages that the server needs. */

import { createRequire } from 'node:module';
import { TouchlineError } from '../../protocol/touchline-error.ts';
import type { UwsModule } from './uws-api.ts';

/** The project's own package; it is not in the npm registry. */
const OFFICIAL = 'uWebSockets.js';
const UNOFFICIAL = '@trufflesuite/uws-js-unofficial';
const UNOFFICIAL_VERSION = '20.30.0-unofficial.0';
const HOW_TO_INSTALL = `npm install --no-save ${UNOFFICIAL}@${UNOFFICIAL_VERSION} (Node 16, 18 and 20), or npm install --no-save uNetworking/${OFFICIAL} with the tag that fits your Node`;

/** The Node that loads it; injected for tests. */
export interface LoadingNode {
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** What native code has to fit. */
  readonly abi: string;
  readonly require: (name: string) => unknown;
}

/**
 * Loads `uWebSockets.js` where it is installed, else the unofficial build. Of that one the native binary alone: its entry
 * file would fall back to an old JavaScript WebSocket library, which is not what was asked for.
 *
 * @throws TouchlineError `TL_ENGINE_UNAVAILABLE`: absent, or not native on this Node
 */
export function loadUws(node: LoadingNode = thisNode()): UwsModule {
  const binary = `${UNOFFICIAL}/binaries/uws_${node.platform}_${node.arch}_${node.abi}.node`;
  const reasons: string[] = [];
  for (const name of [OFFICIAL, binary]) {
    try {
      const loaded = node.require(name);
      if (isNative(loaded)) return loaded;
      reasons.push(`${name} is not the native module`);
    } catch (error) {
      if (!isMissing(error, name)) reasons.push(firstLine(error));
    }
  }
  const expected = `ENGINE=uws: expected ${OFFICIAL}, which runs as native code`;
  const received = reasons.length === 0 ? missing(node) : reasons.join('; ');
  throw new TouchlineError(
    'TL_ENGINE_UNAVAILABLE',
    `${expected}; received ${received}. Install it: ${HOW_TO_INSTALL}`,
  );
}

function thisNode(): LoadingNode {
  const { version, platform, arch, versions } = process;
  return { version, platform, arch, abi: versions.modules, require: createRequire(import.meta.url) };
}

function missing({ require, version, platform, arch }: LoadingNode): string {
  try {
    require(`${UNOFFICIAL}/package.json`);
    return `a build of it (${UNOFFICIAL}) that has none for Node ${version} on ${platform} ${arch}`;
  } catch {
    return 'none: the package is not installed';
  }
}

/** The exports of the native module; the fallback lacks `H3App`. */
function isNative(loaded: unknown): loaded is UwsModule {
  if (typeof loaded !== 'object' || loaded === null) return false;
  return ['App', 'SSLApp', 'H3App', 'us_socket_local_port', 'us_listen_socket_close'].every(
    (name) => name in loaded,
  );
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'MODULE_NOT_FOUND' && error.message.includes(`'${name}'`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
