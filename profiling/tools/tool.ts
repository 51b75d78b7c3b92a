/** The tools that a scenario can run the server under: what each draws, and what it does to the server's figures. */

export interface Tool {
  /** As people know it. */
  readonly title: string;
  /** What it leaves: its name, and its file in the run's folder. */
  readonly artefact: string;
  readonly file: string;
  /** How to read it, in sentences. */
  readonly reading: string;
  /** What running under it means for the figures of the run, as a sentence. */
  readonly cost: string;
}

const FEW_PERCENT =
  'It costs the server too little to be told from noise here, but nobody should compare these figures with those of a run without it.';

export const TOOLS = {
  flame: {
    title: '0x',
    artefact: 'Flame graph',
    file: 'flame.html',
    reading:
      'A block is a function, as wide as the CPU time it took with all it called; the redder, the longer it ran itself. Files and lines are those below dist/.',
    cost: FEW_PERCENT,
  },
  doctor: {
    title: 'clinic doctor',
    artefact: 'Doctor',
    file: 'doctor.html',
    reading:
      'CPU, memory, event loop delay and active handles over time; what is red is what doctor takes for a problem.',
    cost: 'It counts the active handles every 10 ms, which takes about 5 % of a core with 1,000 connections and a quarter of one with 5,000: nobody should compare these figures with those of a run without it.',
  },
  bubbleprof: {
    title: 'clinic bubbleprof',
    artefact: 'Bubbleprof',
    file: 'bubbleprof.html',
    reading:
      'A bubble is a group of asynchronous operations, as large as the time they took; lines are the time between one group and the next.',
    cost: 'It follows every asynchronous operation, which costs the server 7 to 8 times its CPU: rates and latencies of this run are those of bubbleprof, never those of the server.',
  },
  heapprofiler: {
    title: 'clinic heapprofiler',
    artefact: 'Heap profile',
    file: 'heapprofiler.html',
    reading:
      'A block is a function, as wide as the memory that it and all it called allocated and that was still in use at the end. Files and lines are those below dist/.',
    cost: FEW_PERCENT,
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];

/** Whether a word is the name of a tool. */
export function isTool(word: string): word is ToolName {
  return TOOL_NAMES.some((name) => name === word);
}
