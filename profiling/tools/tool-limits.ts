/** How long a tool may take. */

export interface ToolLimits {
  readonly startMs: number;
  /** From the server's being asked to drain until a signal asks once more; from then on as long again until all are killed. */
  readonly drainMs: number;
  /** From the server's end to the tool's own. */
  readonly collectMs: number;
  readonly drawMs: number;
}

/**
 * For a hang alone, which Ctrl-C ends sooner. On a machine with ten processes for each core a server needed 46 s to start under
 * bubbleprof (10 s of CPU), and clinic doctor 150 s to draw a minute (37 s of CPU; about linear in the run's length).
 */
export const TOOL_LIMITS: ToolLimits = {
  startMs: 180_000,
  drainMs: 30_000,
  collectMs: 600_000,
  drawMs: 1_200_000,
};
