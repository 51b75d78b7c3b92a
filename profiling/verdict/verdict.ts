/** What a run is found to be: the shape that `judge` gives and that reports and exit codes read. */

export type VerdictWord = 'pass' | 'fail' | 'inconclusive';
export type CheckUnit = 'count' | 'ms' | 'bytes' | 'cores' | 'ratio' | 'per-second' | 'heartbeats';

/** One threshold against what was observed. */
export interface Check {
  /** The threshold's name, as `--threshold` takes it; or `healthy-rig`, `counts-agree`, `completed`. */
  readonly name: string;
  readonly title: string;
  readonly threshold: number;
  /** Null where it could not be observed or has too few samples. */
  readonly observed: number | null;
  readonly unit: CheckUnit;
  readonly verdict: VerdictWord | 'n/a';
  /** Connections of the tier the observed value comes from, where it is one tier's. */
  readonly tier?: number;
  readonly detail?: string;
}

/** A reason not to trust a tier's figures. */
export interface ValidityProblem {
  readonly code: ValidityCode;
  readonly sentence: string;
  /**
   * The most that this problem can have added to a latency; Infinity where that cannot be said.
   * A breach larger than this is the server's all the same.
   */
  readonly couldAddMs: number;
  /** The most by which it can have multiplied a latency; absent where it stretches nothing. */
  readonly couldStretch?: number;
}

export const VALIDITY_CODES = [
  'generator-cpu',
  'machine-cpu',
  'generator-loop',
  'rate-not-achieved',
  'delivered-above-expected',
  'ledger-does-not-add-up',
  'negative-latency',
  'load-side-limit',
  'identical-ceilings',
  'not-steady',
  'counters-disagree',
  'window-cut-short',
  'nothing-measured',
  'other-load',
] as const;
export type ValidityCode = (typeof VALIDITY_CODES)[number];

export type LimitKind =
  | 'none'
  | 'threshold'
  | 'server-core'
  | 'server-loop'
  | 'memory'
  | 'fds'
  | 'ports'
  | 'generator'
  | 'machine';

/** What stopped a tier, or the run, from going further. */
export interface Limit {
  readonly kind: LimitKind;
  readonly sentence: string;
}

/** What was seen, where in the code or the system, and what to do about it. */
export interface Finding {
  readonly title: string;
  readonly seen: string;
  readonly where: string;
  readonly todo: string;
}

/** What belongs under the sentence and is too much for it: `held by`, `Array: Server._events.close`. */
export interface Detail {
  readonly label: string;
  readonly text: string;
}

export interface Verdict {
  readonly verdict: VerdictWord;
  /** One sentence that a stranger understands. */
  readonly sentence: string;
  /** Under the sentence, a line each. */
  readonly details?: readonly Detail[];
  readonly checks: readonly Check[];
  /** What stopped or limited the run. */
  readonly limitedBy: Limit;
  readonly findings: readonly Finding[];
}
