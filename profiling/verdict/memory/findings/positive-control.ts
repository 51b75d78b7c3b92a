/** Where something is and what to do about it, in a run that may have a fault switched on. */

export function whereOf(releasedBy: string | null, faults: readonly string[]): string {
  const place = releasedBy ?? 'not known: this figure has no release point in the catalogue';
  return faults.length === 0 ? place : `${place}; here by the fault ${faults.join(', ')}`;
}

export function todoOf(advice: string, faults: readonly string[]): string {
  return faults.length === 0
    ? advice
    : `Nothing: this is the positive control. Run again without --fault. (Without one: ${advice})`;
}
