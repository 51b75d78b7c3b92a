/** Runs a peer of the benchmark against its real reader, and says what must hold. */

import { expect } from 'vitest';
import { runPeer } from '../../dist/load-tests/peers/run/peer-run.js';
import type { PeerPlan } from '../peers/contract/peer-plan.ts';
import type { PeerDefinition } from '../peers/run/peer-catalogue.ts';
import type { PreparedPeer } from '../peers/run/prepared-peers.ts';

const READERS = 20;
const MESSAGES = 2_000;
const ROOMS = 4;
const NOTHING_WRONG = { missing: 0, repeated: 0, corrupt: 0, skipped: 0 };
const SAMPLED_EVERY = 61;

/** Both formats, both kinds of turn, a schedule, and rooms where a peer has them. */
export function peerLoads({ formats, hasRooms }: PeerDefinition): readonly PeerPlan[] {
  const load = { readers: READERS, ratePerSecond: 0, limit: MESSAGES, rooms: 1 };
  const paced: PeerPlan = { ...load, format: 'json', perTurn: 1, ratePerSecond: 2_000, limit: 200 };
  const loads: readonly PeerPlan[] = [
    { ...load, format: 'json', perTurn: 200 },
    { ...load, format: 'binary', perTurn: 1 },
    paced,
    ...(hasRooms ? [{ ...paced, rooms: ROOMS }] : []),
  ];
  return loads.filter(({ format }) => formats.includes(format));
}

/** Every reader gets each message of its room once, in order, and nothing more before its closing handshake is answered. */
export async function expectEveryMessage(peer: PreparedPeer, plan: PeerPlan): Promise<void> {
  const messagesEach = plan.limit / plan.rooms;
  const end = { kind: 'count', messages: messagesEach } as const;
  const result = await runPeer({ peer, plan, end, sampledEvery: SAMPLED_EVERY });
  const { connections, messages, fewest, most, faults } = result;
  expect({ connections, messages, fewest, most, faults }).toEqual({
    connections: plan.readers,
    messages: plan.readers * messagesEach,
    fewest: messagesEach,
    most: messagesEach,
    faults: NOTHING_WRONG,
  });
}

/** For a server that has no end: until every reader has so many messages, what is missing was announced as left out. */
export async function expectNothingLost(peer: PreparedPeer, plan: PeerPlan): Promise<void> {
  const end = { kind: 'count', messages: plan.limit } as const;
  const result = await runPeer({ peer, plan: { ...plan, limit: 0 }, end, sampledEvery: SAMPLED_EVERY });
  const { skipped } = result.faults;
  expect(result.fewest).toBeGreaterThanOrEqual(plan.limit);
  const missing = plan.format === 'json' ? skipped : 0;
  expect(result.faults).toEqual({ ...NOTHING_WRONG, missing, skipped });
}
