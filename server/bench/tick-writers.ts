/**
 * How fast ticks are written, without a socket: what is left when the system calls are gone. Counts CPU time, so that
 * other work on the machine bends it little.
 * Entry file: `node dist/server/bench/tick-writers.js`.
 */

import { tickAt } from '../features/ticks/tick.ts';
import { naiveTick } from '../features/ticks/tick-encoding.ts';
import { TickSchedule } from '../features/ticks/tick-schedule.ts';
import { TickSource } from '../features/ticks/tick-source.ts';
import { TickWriters } from '../features/ticks/tick-writers.ts';
import { TICK_FORMATS } from '../protocol/tick-messages.ts';

const ROUNDS = 7;
const ROUND_CPU_MICROS = 300_000;
const TURNS_A_LOOK = 10;
const TICKS_A_TURN = 1_000;
const RATE = 5_000_000;
const clock = { startSecond: 1_763_689_000, startNsInSecond: 0 };

for (const format of TICK_FORMATS) {
  report(
    `${format} from templates`,
    makeTurns((batch, writers) => writers.of('unique')[format].write(batch).held?.release()),
  );
  report(
    `${format} naive`,
    makeTurns((batch) => {
      for (let place = 0; place < batch.count; place += 1) {
        naiveTick(tickAt(batch, place), format, batch.decimals);
      }
    }),
  );
}

/** A function that makes one turn and tells how many ticks were in it. */
function makeTurns(
  write: (batch: ReturnType<TickSource['make']>, writers: TickWriters) => void,
): () => number {
  const schedule = new TickSchedule(RATE);
  const source = new TickSource({ clock, schedule, seed: 1 });
  const writers = new TickWriters();
  source.seq = 100_000_000;
  return () => {
    const batch = source.make(TICKS_A_TURN, 'unique');
    write(batch, writers);
    return batch.count;
  };
}

function report(name: string, turn: () => number): void {
  const perSecond = Array.from({ length: ROUNDS }, () => round(turn)).sort((one, other) => one - other);
  const [slowest = 0] = perSecond;
  const median = perSecond[ROUNDS >> 1] ?? 0;
  const millions = (value: number) => (value / 1e6).toFixed(1);
  console.log(`${name}: ${millions(median)} M ticks per CPU second (slowest round ${millions(slowest)})`);
}

function round(turn: () => number): number {
  const startedAt = process.cpuUsage();
  let ticks = 0;
  let spentMicros = 0;
  while (spentMicros < ROUND_CPU_MICROS) {
    for (let turns = 0; turns < TURNS_A_LOOK; turns += 1) ticks += turn();
    const { user, system } = process.cpuUsage(startedAt);
    spentMicros = user + system;
  }
  return (ticks * 1e6) / spentMicros;
}
