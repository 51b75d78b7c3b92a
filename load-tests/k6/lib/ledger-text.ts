/**
 * What a published text begins with, as server/PROTOCOL.md has it for load: `tl1:<run>:<publisher>:<seq>:<intendedNs>:<sentNs> `.
 * The clock here is k6's wall clock, which is also that of a message's `event.timestamp`: k6 has no monotonic one for scripts.
 */

/** Times are epoch ms. */
export interface LedgerText {
  readonly seq: number;
  readonly intendedAtMs: number;
  readonly sentAtMs: number;
}

const NS = 1_000_000;

export function writeLedgerText(runId: string, { seq, intendedAtMs, sentAtMs }: LedgerText): string {
  return `tl1:${runId}:0:${seq}:${nanoseconds(intendedAtMs)}:${nanoseconds(sentAtMs)} A shot from outside the box, just wide.`;
}

/** @returns null where the text is not one of this run */
export function readLedgerText(runId: string, text: unknown): LedgerText | null {
  if (typeof text !== 'string' || !text.startsWith(`tl1:${runId}:`)) return null;
  const [, , , seq, intendedNs, sentNs] = text.split(' ', 1)[0]?.split(':') ?? [];
  const entry = { seq: Number(seq), intendedAtMs: Number(intendedNs) / NS, sentAtMs: Number(sentNs) / NS };
  return Object.values(entry).every(Number.isFinite) ? entry : null;
}

/** In digits: a double holds them to a quarter of a microsecond only. */
function nanoseconds(epochMs: number): string {
  return `${Math.round(epochMs * 1_000)}000`;
}
