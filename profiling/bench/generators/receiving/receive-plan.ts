/** What a generator is told: environment variables, which every one of them can read. */

export interface ReceivePlan {
  readonly wsUrl: string;
  readonly connections: number;
  /** Time each delivery, too. */
  readonly timed: boolean;
  /** Memory is what counts, not CPU time, for one that can trade one for the other. */
  readonly sparesMemory: boolean;
  /** The first part of the ledger entries. */
  readonly runId: string;
  /** Where the result goes. */
  readonly resultFile: string;
}

export function planEnvironment(plan: ReceivePlan): Readonly<Record<string, string>> {
  return {
    BENCH_URL: plan.wsUrl,
    BENCH_CONNECTIONS: String(plan.connections),
    BENCH_TIMED: plan.timed ? '1' : '0',
    BENCH_SPARES_MEMORY: plan.sparesMemory ? '1' : '0',
    BENCH_RUN_ID: plan.runId,
    BENCH_RESULT: plan.resultFile,
  };
}

/** Reads it back, in a child of Node. */
export function planOf(environment: Readonly<Record<string, string | undefined>>): ReceivePlan {
  return {
    wsUrl: environment['BENCH_URL'] ?? '',
    connections: Number(environment['BENCH_CONNECTIONS']),
    timed: environment['BENCH_TIMED'] === '1',
    sparesMemory: environment['BENCH_SPARES_MEMORY'] === '1',
    runId: environment['BENCH_RUN_ID'] ?? '',
    resultFile: environment['BENCH_RESULT'] ?? '',
  };
}
