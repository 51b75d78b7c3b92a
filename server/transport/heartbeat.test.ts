import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { Heartbeat, type HeartbeatPeer } from './heartbeat.ts';

const HEARTBEAT_MS = 30_000;

class FakePeer implements HeartbeatPeer {
  receivedBytes = 100;
  receivedBytesAtPing = -1;
  pings = 0;
  missed = 0;
  answers = true;

  ping(): void {
    this.pings += 1;
    if (this.answers) this.receivedBytes += 6;
  }

  heartbeatMissed(): void {
    this.missed += 1;
  }
}

function start() {
  const clock = createFakeClock();
  const heartbeat = new Heartbeat<FakePeer>({ heartbeatMs: HEARTBEAT_MS, nowMs: clock.nowMs });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += heartbeat.tickMs) {
      clock.advance(heartbeat.tickMs);
      heartbeat.tick();
    }
  };
  return { clock, heartbeat, pass };
}

describe('Heartbeat', () => {
  it('pings each peer once a heartbeat, the first one heartbeat after it came', () => {
    const { heartbeat, pass } = start();
    pass(7_000);
    const peer = new FakePeer();
    heartbeat.add(peer);
    pass(HEARTBEAT_MS - 1_000);
    expect(peer.pings).toBe(0);
    pass(1_000);
    expect(peer.pings).toBe(1);
    pass(10 * HEARTBEAT_MS);
    expect(peer).toMatchObject({ pings: 11, missed: 0 });
  });

  it('finds a peer that is silent for a whole heartbeat after a ping', () => {
    const { heartbeat, pass } = start();
    const peer = new FakePeer();
    peer.answers = false;
    heartbeat.add(peer);
    pass(HEARTBEAT_MS);
    expect(peer).toMatchObject({ pings: 1, missed: 0 });
    pass(HEARTBEAT_MS);
    expect(peer).toMatchObject({ pings: 1, missed: 1 });
    expect(heartbeat.missed).toBe(1);
  });

  it('takes any inbound byte as a sign of life', () => {
    const { heartbeat, pass } = start();
    const peer = new FakePeer();
    peer.answers = false;
    heartbeat.add(peer);
    for (let beat = 0; beat < 5; beat += 1) {
      pass(HEARTBEAT_MS);
      peer.receivedBytes += 1;
    }
    expect(peer.missed).toBe(0);
  });

  it('judges nobody after a pause of its own, when answers may wait unread', () => {
    const { clock, heartbeat, pass } = start();
    const peer = new FakePeer();
    peer.answers = false;
    heartbeat.add(peer);
    pass(HEARTBEAT_MS + 29 * heartbeat.tickMs);
    clock.advance(HEARTBEAT_MS);
    heartbeat.tick();
    expect(peer).toMatchObject({ pings: 2, missed: 0 });
  });

  it('forgets a peer that left, and needs one timer for all', () => {
    const { heartbeat, pass } = start();
    const peers = Array.from({ length: 50 }, () => new FakePeer());
    const buckets = peers.map((peer) => heartbeat.add(peer));
    expect(heartbeat.size).toBe(50);
    const visited: FakePeer[] = [];
    heartbeat.forEach((peer) => {
      visited.push(peer);
    });
    expect(new Set(visited)).toEqual(new Set(peers));
    for (const [index, peer] of peers.entries()) heartbeat.remove(peer, buckets[index] ?? 0);
    pass(2 * HEARTBEAT_MS);
    expect(heartbeat.size).toBe(0);
    expect(heartbeat.pings).toBe(0);
    heartbeat.start();
    heartbeat.start();
    expect(heartbeat.timers).toBe(1);
    heartbeat.stop();
    expect(heartbeat.timers).toBe(0);
  });
});
