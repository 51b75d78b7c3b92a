/** What is compared: in each cell every generator has its turn. */

import type { TurnPlan } from './measure-turn.ts';
import type { GeneratorBenchOptions } from './options.ts';
import type { BenchFault } from './server/server-messages.ts';

/** Broadcasts a second to connections that are held. */
export const HOLD_BROADCASTS_PER_SECOND = 10;
const HOLD_WARM_UP_MS = 500;
const HOLD_MS = 2_000;
const ANSWER_CONNECTIONS = 20;
const ANSWER_BROADCASTS_PER_SECOND = 100;
const ANSWER_WARM_UP_MS = 500;
/** The finest schedule: one broadcast a write. */
const SINGLE_TURN_MS = 1;
const NO_FAULT: BenchFault = { kind: 'none' };

export type BenchCell =
  | { readonly part: 'speed'; readonly turnMs: number; readonly rounds: number; readonly plan: TurnPlan }
  | { readonly part: 'memory'; readonly rounds: number; readonly plan: TurnPlan }
  | { readonly part: 'answers'; readonly title: string; readonly rounds: 1; readonly plan: TurnPlan };

export type SpeedCell = Extract<BenchCell, { readonly part: 'speed' }>;
export type MemoryCell = Extract<BenchCell, { readonly part: 'memory' }>;
export type AnswerCell = Extract<BenchCell, { readonly part: 'answers' }>;

/** What the server does wrong, and how a heading says it. */
export const KNOWN_ANSWERS: readonly { readonly title: string; readonly fault: BenchFault }[] = [
  { title: 'Nothing is wrong', fault: NO_FAULT },
  { title: 'Every delivery 50 ms late', fault: { kind: 'delay', ms: 50 } },
  { title: 'A stall of 1 s', fault: { kind: 'stall', ms: 1_000 } },
  { title: '1 % of deliveries dropped', fault: { kind: 'drop', everyNth: 100 } },
];

/** All cells of a run, in the order in which they are measured. */
export function benchCells(options: GeneratorBenchOptions): readonly BenchCell[] {
  const cells = [...speedCells(options), ...memoryCells(options), ...answerCells(options)];
  return cells.filter(({ part }) => options.parts.includes(part));
}

function speedCells(options: GeneratorBenchOptions): readonly SpeedCell[] {
  const { connections, broadcastsPerSecond, turnsMs, rounds, warmUpMs, measureMs } = options;
  return turnsMs.map((turnMs) => ({
    part: 'speed',
    turnMs,
    rounds,
    plan: {
      connections,
      broadcastsPerSecond,
      turnMs,
      warmUpMs,
      measureMs,
      fault: NO_FAULT,
      timed: false,
      sparesMemory: false,
    },
  }));
}

function memoryCells({ hold, holdRounds }: GeneratorBenchOptions): readonly MemoryCell[] {
  return hold.map((connections) => ({
    part: 'memory',
    rounds: holdRounds,
    plan: {
      connections,
      broadcastsPerSecond: HOLD_BROADCASTS_PER_SECOND,
      turnMs: SINGLE_TURN_MS,
      warmUpMs: HOLD_WARM_UP_MS,
      measureMs: HOLD_MS,
      fault: NO_FAULT,
      timed: false,
      sparesMemory: true,
    },
  }));
}

function answerCells({ answers, answersMs }: GeneratorBenchOptions): readonly AnswerCell[] {
  return KNOWN_ANSWERS.filter(({ fault }) => answers.includes(fault.kind)).map(({ title, fault }) => ({
    part: 'answers',
    title,
    rounds: 1,
    plan: {
      connections: ANSWER_CONNECTIONS,
      broadcastsPerSecond: ANSWER_BROADCASTS_PER_SECOND,
      turnMs: SINGLE_TURN_MS,
      warmUpMs: ANSWER_WARM_UP_MS,
      measureMs: answersMs,
      fault,
      timed: true,
      sparesMemory: false,
    },
  }));
}

/** `speed, a write every 10 ms`, for progress. */
export function cellText(cell: BenchCell): string {
  switch (cell.part) {
    case 'speed':
      return `speed, a write every ${cell.turnMs} ms`;
    case 'memory':
      return `memory, ${cell.plan.connections.toLocaleString('en-US')} connections`;
    case 'answers':
      return `answers, ${cell.title.toLowerCase()}`;
  }
}
