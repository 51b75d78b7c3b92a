/** The Node peers send what the contract says, all of it and in order, as the reader of the benchmark sees it. */
import { describe, expect, it } from 'vitest';
import { PEERS } from '../../../dist/load-tests/peers/run/peer-catalogue.js';
import { preparePeers } from '../../../dist/load-tests/peers/run/prepared-peers.js';
import { expectEveryMessage, expectNothingLost, peerLoads } from '../../testing/peer-checks.ts';

const NODE_PEERS = ['floor', 'ws', 'socketio', 'uws', 'touchline-rooms', 'touchline-ticks'] as const;
const FOLDERS = { projectFolder: process.cwd(), cacheFolder: '.touchline/peers' };

describe.each(NODE_PEERS)('the peer %s', (name) => {
  it('gives every reader every message, or says why it cannot be measured', async () => {
    const { measured, unmeasured } = await preparePeers([name], FOLDERS);
    expect(measured.length + unmeasured.length).toBe(1);
    for (const { reason } of unmeasured)
      expect(reason).toMatch(/^This build .*has no \S+\.$| is not installed/);
    for (const peer of measured) {
      expect(peer.version).not.toBe('');
      for (const load of peerLoads(PEERS[name])) {
        if (PEERS[name].hasControlTexts) await expectNothingLost(peer, load);
        else await expectEveryMessage(peer, load);
      }
    }
  });
});
