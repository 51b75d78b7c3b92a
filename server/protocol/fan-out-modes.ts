/**
 * The ways in which the server writes broadcasts and ticks, the plainest first. What a message costs is nearly all
 * system calls, so they differ in how many writes a turn of the event loop makes:
 *
 * - `naive`: each message is sent to each member by the engine, which frames it for each; for comparison
 * - `framed`: framed once, written to each member at once
 * - `corked`: framed once, each member's socket held until the end of the turn, then one gathering write
 * - `coalesced`: all frames of a turn in one buffer that the members share, one write each at the end of the turn
 */
export const FAN_OUT_MODES = ['naive', 'framed', 'corked', 'coalesced'] as const;
export type FanOutMode = (typeof FAN_OUT_MODES)[number];
