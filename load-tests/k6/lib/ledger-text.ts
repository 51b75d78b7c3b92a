/**
 * What a published text begins with, as all load has it: `tl1:<run>:<publisher>:<seq>:<intendedNs>:<sentNs> `. k6 has no monotonic
 * clock for scripts, so times count from the start of the test, on the wall clock of `event.timestamp`.
 */

/** Times are ms since the start of the test. */
export interface LedgerText {
  readonly seq: number;
  readonly intendedMs: number;
  readonly sentMs: number;
}

const NS = 1_000_000;

export function writeLedgerText(runId: string, { seq, intendedMs, sentMs }: LedgerText): string {
  const times = `${Math.round(intendedMs * NS)}:${Math.round(sentMs * NS)}`;
  return `tl1:${runId}:0:${seq}:${times} A shot from outside the box, just wide.`;
}

/** @returns null where the text is not one of this run */
export function readLedgerText(runId: string, text: unknown): LedgerText | null {
  if (typeof text !== 'string' || !text.startsWith(`tl1:${runId}:`)) return null;
  const [, , , seq, intendedNs, sentNs] = text.split(' ', 1)[0]?.split(':') ?? [];
  const entry = { seq: Number(seq), intendedMs: Number(intendedNs) / NS, sentMs: Number(sentNs) / NS };
  return Object.values(entry).every(Number.isFinite) ? entry : null;
}
