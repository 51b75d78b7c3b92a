/** Stretches of time in which a run was in one phase. */

import type { Row } from './history.ts';

export interface PhaseStretch {
  readonly phase: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** In which figures are measured: what stands outside is not judged. */
export const MEASURED_PHASES: readonly string[] = ['measure', 'hold'];

/** Neighbouring rows of the same phase, as one. */
export function phaseStretches(rows: readonly Row[]): readonly PhaseStretch[] {
  const stretches: PhaseStretch[] = [];
  for (const { phase, atMs } of rows) {
    const last = stretches.at(-1);
    // A stretch reaches to the moment at which another phase was seen.
    if (last !== undefined && last.toMs === Number.POSITIVE_INFINITY) {
      if (last.phase === phase) continue;
      stretches[stretches.length - 1] = { ...last, toMs: atMs };
    }
    if (phase !== null) stretches.push({ phase, fromMs: atMs, toMs: Number.POSITIVE_INFINITY });
  }
  const endMs = rows.at(-1)?.atMs ?? 0;
  return stretches.map((stretch) => ({ ...stretch, toMs: Math.min(stretch.toMs, endMs) }));
}
