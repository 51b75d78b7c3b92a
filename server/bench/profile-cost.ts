/**
 * What a profile takes of a broadcast while it is on: one `ws` server sends the same text to as many clients without a
 * profile, with one of CPU time, with one of the heap, and without again, turn by turn. CPU of the process is compared
 * within each round; the second turn without a profile shows how far two equals lie apart. Starting a profile and reading
 * it lie outside, as they lie outside of the measured window of a run.
 * Entry file: `node dist/server/bench/profile-cost.js [--rounds 60] [--members 100]`.
 */

import { parseArgs } from 'node:util';
import { ProcessProfiler } from '../observability/profiles/process-profiler.ts';
import { CPU_PROFILE, HEAP_PROFILE, type ProfileKind } from '../observability/profiles/profile-kinds.ts';
import { cpuOfBroadcasts, reportRatios, startServer } from './fan-out-rounds.ts';

const WARM_UP_ROUNDS = 15;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '60' }, members: { type: 'string', default: '100' } },
});
const rounds = Number(values.rounds);
const server = await startServer(Number(values.members));

const TURNS = {
  off: null,
  'CPU profile': CPU_PROFILE,
  'heap profile': HEAP_PROFILE,
  'off again (control)': null,
} as const satisfies Record<string, ProfileKind | null>;
type Turn = keyof typeof TURNS;
const names = Object.keys(TURNS) as Turn[];

const ratios = new Map<Turn, number[]>(names.map((name) => [name, []]));
for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
  const cpu = new Map<Turn, number>();
  // Each begins as often as the others, so that none has the warmer caches.
  for (let turn = 0; turn < names.length; turn += 1) {
    const name = names[(turn + round) % names.length] as Turn;
    cpu.set(name, await cpuWith(TURNS[name]));
  }
  if (round < WARM_UP_ROUNDS) continue;
  for (const name of names) ratios.get(name)?.push((cpu.get(name) ?? 0) / (cpu.get('off') ?? 0));
}
for (const [name, all] of ratios) if (name !== 'off') reportRatios(`${name} ÷ off`, all);
server.stop();

async function cpuWith(kind: ProfileKind | null): Promise<number> {
  if (kind === null) return cpuOfBroadcasts(server);
  const profiler = new ProcessProfiler(kind);
  await profiler.start(kind.defaultInterval);
  const cpu = await cpuOfBroadcasts(server);
  await profiler.stop();
  return cpu;
}
