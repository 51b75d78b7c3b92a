/** How long a tool may take. */

export interface ToolLimits {
  readonly startMs: number;
  /** From the server's being asked to drain until a signal asks once more; from then on as long again until all are killed. */
  readonly drainMs: number;
  /** From the server's end to the tool's own. */
  readonly collectMs: number;
  readonly drawMs: number;
}

/** Loaded machines start slowly, and a tool works on all that was collected after the server has ended. */
export const TOOL_LIMITS: ToolLimits = {
  startMs: 60_000,
  drainMs: 30_000,
  collectMs: 300_000,
  drawMs: 600_000,
};
