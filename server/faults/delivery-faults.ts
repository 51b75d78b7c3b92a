/** The faults between the hub and its sockets, in the order in which their counts stay exact together. */

import type { Socket } from '../hub/socket.ts';
import type { FaultBoard } from './fault-board.ts';
import { HalfClosedConnections } from './half-closed-connections.ts';
import { HeldDeliveries } from './held-deliveries.ts';
import { HotFunction } from './hot-function.ts';
import { ReorderedDeliveries } from './reordered-deliveries.ts';
import type { SocketFault } from './socket-layer.ts';
import { DOUBLED, DROPPED, StruckDeliveries } from './struck-deliveries.ts';
import { WrongRoomDeliveries } from './wrong-room-deliveries.ts';

export interface DeliveryFaults {
  /** Absent when no fault is between the hub and its sockets. */
  readonly wrapSocket?: (socket: Socket) => Socket;
  /** Absent when every end is noticed. */
  readonly socketEnded?: (socket: Socket, notice: () => void) => void;
  /** Deliveries that were left out. */
  droppedDeliveries(): number;
  /** Messages that are held back now. */
  heldMessages(): number;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createDeliveryFaults(board: FaultBoard, nowMs: () => number): DeliveryFaults {
  const halfClosed = board.when('half-close', (percent) => new HalfClosedConnections(percent));
  const held = createHeldDeliveries(board, nowMs);
  const wrongRoom = board.when('wrong-room', (percent) => new WrongRoomDeliveries(percent));
  const duplicated = board.when('duplicate-deliveries', (percent) => new StruckDeliveries(percent, DOUBLED));
  const reordered = board.when('reorder-deliveries', (percent) => new ReorderedDeliveries(percent, nowMs));
  const dropped = board.when('drop-deliveries', (percent) => new StruckDeliveries(percent, DROPPED));
  const hot = board.when('hot-function', (burnMs) => new HotFunction(burnMs, nowMs));
  // Innermost first. Copies are made below the swap: made above it, a copy could change places with its original.
  // What is dropped is dropped before anything else happens to it.
  const layers: readonly SocketFault[] = [
    hot,
    halfClosed,
    held,
    wrongRoom,
    duplicated,
    reordered,
    dropped,
  ].filter((layer) => layer !== undefined);
  return {
    ...(layers.length === 0
      ? {}
      : { wrapSocket: (socket) => layers.reduce((inner, layer) => layer.wrap(inner), socket) }),
    ...(halfClosed === undefined
      ? {}
      : { socketEnded: (socket, notice) => halfClosed.ended(socket, notice) }),
    droppedDeliveries: () => dropped?.injections ?? 0,
    heldMessages: () => (held?.held ?? 0) + (reordered?.held ?? 0),
    stop() {
      reordered?.stop();
      held?.stop();
    },
  };
}

/** One line for both, or a message would be free to overtake another. */
function createHeldDeliveries(board: FaultBoard, nowMs: () => number): HeldDeliveries | undefined {
  const { 'delay-deliveries': delayMs = 0, stall: stallMs = 0 } = board.active;
  if (delayMs === 0 && stallMs === 0) return undefined;
  const held = new HeldDeliveries({ delayMs, stallMs }, nowMs);
  board.when('delay-deliveries', () => held);
  board.when('stall', () => held);
  return held;
}
