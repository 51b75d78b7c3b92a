/** The peers: what each is, how it is started, how its messages are read. */

import type { PeerFormat } from '../contract/peer-plan.ts';
import { FLOOR_WRAPS_AT } from '../floor/prepared-turns.ts';

/** In the order they run and stand in the tables. `ws` is what the others are compared with, `floor` the limit. */
export const PEER_NAMES = [
  'floor',
  'ws',
  'socketio',
  'uws',
  'go',
  'rust-send',
  'rust-feed',
  'touchline-rooms',
  'touchline-ticks',
] as const;

export type PeerName = (typeof PEER_NAMES)[number];

/** What is started, below dist/load-tests/peers/ or the cache of binaries. */
export type PeerStart =
  | { readonly kind: 'node'; readonly entry: string }
  | {
      readonly kind: 'binary';
      readonly toolchain: 'go' | 'rust';
      readonly words: readonly string[];
    };

export interface PeerDefinition {
  readonly title: string;
  readonly start: PeerStart;
  /** What its messages are wrapped in. */
  readonly framing: 'websocket' | 'socket.io';
  /** Whether it greets, and announces what it leaves out, as `/ticks` does. */
  readonly hasControlTexts: boolean;
  /** Sequence numbers begin at 1 again after this one; 0 is never. */
  readonly wrapsAt: number;
  /** Whether its messages are made before it starts: then only those of a schedule carry their time. */
  readonly isPrepared: boolean;
  /** Whether `--per-turn` means something to it. */
  readonly hasTurns: boolean;
  /** Whether `--rooms` does. */
  readonly hasRooms: boolean;
  readonly formats: readonly PeerFormat[];
}

const PLAIN = {
  framing: 'websocket',
  hasControlTexts: false,
  wrapsAt: 0,
  isPrepared: false,
  hasTurns: true,
  hasRooms: false,
  formats: ['json', 'binary'],
} as const;
const node = (entry: string): PeerStart => ({ kind: 'node', entry });

export const PEERS: Readonly<Record<PeerName, PeerDefinition>> = {
  floor: {
    ...PLAIN,
    title: 'floor: bare socket.write',
    start: node('floor/floor-server.js'),
    hasRooms: true,
    wrapsAt: FLOOR_WRAPS_AT,
    isPrepared: true,
  },
  ws: { ...PLAIN, title: 'plain ws, send each', start: node('ws/ws-peer.js'), hasRooms: true },
  socketio: {
    ...PLAIN,
    title: 'Socket.IO, emit',
    start: node('socketio/socketio-peer.js'),
    framing: 'socket.io',
  },
  uws: { ...PLAIN, title: 'uWebSockets.js, publish', start: node('uws/uws-peer.js') },
  go: {
    ...PLAIN,
    title: 'Go, coder/websocket',
    start: { kind: 'binary', toolchain: 'go', words: [] },
  },
  'rust-send': {
    ...PLAIN,
    title: 'Rust, tokio-tungstenite send',
    start: { kind: 'binary', toolchain: 'rust', words: ['--write=send'] },
  },
  'rust-feed': {
    ...PLAIN,
    title: 'Rust, tokio-tungstenite feed, flush',
    start: { kind: 'binary', toolchain: 'rust', words: ['--write=feed'] },
  },
  'touchline-rooms': {
    ...PLAIN,
    title: 'touchline, a room',
    start: node('../../server/bench/rooms-flood.js'),
    hasRooms: true,
    // A room carries texts.
    formats: ['json'],
  },
  'touchline-ticks': {
    ...PLAIN,
    title: 'touchline, /ticks',
    start: node('touchline/ticks-peer.js'),
    hasControlTexts: true,
    hasTurns: false,
  },
};

/** Whether a message of this peer carries a sequence number; a binary tick of `/ticks` has its time instead. */
export function hasSequence(peer: PeerName, format: PeerFormat): boolean {
  return !(PEERS[peer].hasControlTexts && format === 'binary');
}
