/** The Go and Rust peers, built and read for real: `npm run test:peers`. `npm test` needs neither toolchain. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { PEERS } from '../../../dist/load-tests/peers/run/peer-catalogue.js';
import { preparePeers } from '../../../dist/load-tests/peers/run/prepared-peers.js';
import { expectEveryMessage, peerLoads } from '../../testing/peer-checks.ts';

const FOLDERS = { projectFolder: process.cwd(), cacheFolder: '.touchline/peers' };

describe.each([
  ['go', 'go', 'version', /^Go is not installed: /],
  ['rust-send', 'cargo', '--version', /^Rust is not installed: /],
  ['rust-feed', 'cargo', '--version', /^Rust is not installed: /],
] as const)('the peer %s', (name, program, word, missing) => {
  it('gives every reader every message, or names its toolchain', async () => {
    const hasToolchain = spawnSync(program, [word]).status === 0;
    const { measured, unmeasured } = await preparePeers([name], FOLDERS);
    expect(measured.map((peer) => peer.name)).toEqual(hasToolchain ? [name] : []);
    expect(unmeasured.map(({ reason }) => missing.test(reason))).toEqual(hasToolchain ? [] : [true]);
    for (const peer of measured) {
      for (const load of peerLoads(PEERS[name])) await expectEveryMessage(peer, load);
    }
  });
});
