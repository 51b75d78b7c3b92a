/** The faults that are switched on, as what the rest of the server plugs in. Without a fault its member is absent or plain. */

import type { EventEmitter } from 'node:events';
import type { Connection } from '../hub/connection.ts';
import type { HubCollections } from '../hub/hub-collections.ts';
import type { Socket } from '../hub/socket.ts';
import { CountedShare } from './counted-share.ts';
import { createDeliveryFaults } from './delivery-faults.ts';
import { FaultBoard } from './fault-board.ts';
import type { Fault } from './fault-catalogue.ts';
import { createLeaks } from './leaks.ts';
import { createSlowLoop, type SlowLoop } from './slow-loop.ts';

export interface ActiveFaults {
  /** Should the next upgrade be refused? */
  readonly refuseUpgrade?: () => boolean;
  readonly wrapSocket?: (socket: Socket) => Socket;
  /** A socket is gone; `notice` tells the rest of the server, now or later. */
  readonly socketEnded?: (socket: Socket, notice: () => void) => void;
  /** What the hub keeps things in. */
  readonly collections: HubCollections;
  /** Told of every connection that opens and ends. */
  connectionOpened(connection: Connection): void;
  connectionEnded(connection: Connection): void;
  /** Connections come from this HTTP server. */
  servedBy(server: EventEmitter): void;
  /** Setting of each active fault (percent or ms). */
  readonly active: Readonly<Record<string, number>>;
  /** How often each did its harm. */
  injections(): Readonly<Record<string, number>>;
  /** Deliveries that the hub counts and a fault left out. */
  droppedDeliveries(): number;
  /** Messages that a fault holds back now. */
  heldMessages(): number;
  /** Run while the instrumentation is on. */
  readonly instruments: readonly SlowLoop[];
  start(): void;
  /** Lets go of connections that leaked, for a drain waits until the hub has none. */
  releaseConnections(): void;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createActiveFaults(faults: readonly Fault[], nowMs: () => number): ActiveFaults {
  const board = new FaultBoard(faults);
  const refused = board.when('refuse-connections', (percent) => new CountedShare(percent));
  const loop = board.when('slow-loop', (blockMs) => createSlowLoop(blockMs, nowMs));
  const instrument = board.when('slow-instruments', (blockMs) => createSlowLoop(blockMs, nowMs));
  const { stop: stopDeliveries, ...deliveries } = createDeliveryFaults(board, nowMs);
  const { stop: stopLeaks, ...leaks } = createLeaks(board, nowMs);
  return {
    ...(refused === undefined ? {} : { refuseUpgrade: () => refused.next() }),
    ...deliveries,
    ...leaks,
    active: board.active,
    injections: () => board.injections(),
    instruments: instrument === undefined ? [] : [instrument],
    start: () => loop?.start(),
    stop() {
      loop?.stop();
      stopDeliveries();
      stopLeaks();
    },
  };
}
