/** The faults that are switched on, as what the rest of the server plugs in. Without a fault its member is absent. */

import type { FanOut } from '../hub/fan-out.ts';
import type { Socket } from '../hub/socket.ts';
import { DelayLine } from './delay-line.ts';
import { dropDeliveries } from './dropping-fan-out.ts';
import { ExactShare } from './exact-share.ts';
import type { Fault, FaultName } from './fault-catalogue.ts';
import { HeldSocket } from './held-socket.ts';
import { createSlowLoop } from './slow-loop.ts';

export interface ActiveFaults {
  /** Should the next upgrade be refused? */
  readonly refuseUpgrade?: () => boolean;
  readonly fanOut?: FanOut;
  readonly wrapSocket?: (socket: Socket) => Socket;
  /** Setting of each active fault (percent or ms). */
  readonly active: Readonly<Record<string, number>>;
  /** How often each did its harm. */
  injections(): Readonly<Record<string, number>>;
  /** Messages that a fault holds back now. */
  heldMessages(): number;
  start(): void;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createActiveFaults(faults: readonly Fault[], nowMs: () => number): ActiveFaults {
  const active = Object.fromEntries(faults.map(({ name, value }) => [name, value]));
  const settingOf = (name: FaultName) => faults.find((fault) => fault.name === name)?.value;
  const counts: Record<string, () => number> = {};
  const refuse = settingOf('refuse-connections');
  const drop = settingOf('drop-deliveries');
  const blockMs = settingOf('slow-loop');
  const line = createDelayLine(settingOf('delay-deliveries') ?? 0, settingOf('stall') ?? 0, nowMs);
  const loop = blockMs === undefined ? null : createSlowLoop(blockMs, nowMs);
  if (loop !== null) counts['slow-loop'] = () => loop.blocks;
  for (const name of ['delay-deliveries', 'stall'] as const) {
    if (name in active) counts[name] = () => line?.held ?? 0;
  }
  return {
    ...(refuse === undefined
      ? {}
      : { refuseUpgrade: counted(refuseShare(refuse), 'refuse-connections', counts) }),
    ...(drop === undefined ? {} : { fanOut: countLeftOut(dropDeliveries(drop), counts) }),
    ...(line === null ? {} : { wrapSocket: (socket: Socket) => new HeldSocket(socket, line) }),
    active,
    injections: () => Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count()])),
    heldMessages: () => line?.size ?? 0,
    start: () => loop?.start(),
    stop() {
      loop?.stop();
      line?.stop();
    },
  };
}

function refuseShare(percent: number): () => boolean {
  const share = new ExactShare(percent);
  return () => share.next();
}

/** Counts how often the answer was yes. */
function counted(ask: () => boolean, name: FaultName, counts: Record<string, () => number>): () => boolean {
  let count = 0;
  counts[name] = () => count;
  return () => {
    const answer = ask();
    if (answer) count += 1;
    return answer;
  };
}

function countLeftOut(fanOut: FanOut, counts: Record<string, () => number>): FanOut {
  let leftOut = 0;
  counts['drop-deliveries'] = () => leftOut;
  return (members, message, nowMs) => {
    const result = fanOut(members, message, nowMs);
    leftOut += result.leftOut;
    return result;
  };
}

/** Null when neither delays anything. A stall holds for its length, once in every three times that. */
function createDelayLine(delayMs: number, stallMs: number, nowMs: () => number): DelayLine | null {
  if (delayMs === 0 && stallMs === 0) return null;
  const startedAtMs = nowMs();
  const dueAt = (now: number) => {
    const dueMs = now + delayMs;
    if (stallMs === 0) return dueMs;
    const intoCycleMs = (dueMs - startedAtMs) % (3 * stallMs);
    // The last third of the cycle is the stall, so that connections come up before the first one.
    return intoCycleMs < 2 * stallMs ? dueMs : dueMs + 3 * stallMs - intoCycleMs;
  };
  return new DelayLine({ nowMs, dueAt });
}
