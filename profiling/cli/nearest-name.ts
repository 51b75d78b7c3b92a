/** Finds the name somebody probably meant. */

/**
 * @returns the candidate with the smallest edit distance, or undefined when none is near: a typo changes
 * few letters: at most a third of the longer word, and two (one swap) from four letters on
 */
export function nearestName(typed: string, candidates: readonly string[]): string | undefined {
  return nearestNames(typed, candidates)[0];
}

/**
 * Adds `; did you mean p95 or p99?` to a sentence when candidates are near.
 *
 * @param typed what came instead of one of the candidates
 */
export function withSuggestion(sentence: string, typed: string, candidates: readonly string[]): string {
  const nearest = nearestNames(typed, candidates);
  return nearest.length === 0 ? sentence : `${sentence}; did you mean ${nearest.join(' or ')}?`;
}

/** Every candidate that is as near as the nearest one; none when even that is too far. */
function nearestNames(typed: string, candidates: readonly string[]): readonly string[] {
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate) }))
    .filter(({ candidate, distance }) => distance <= allowedDistance(typed, candidate));
  const smallest = Math.min(...near.map(({ distance }) => distance));
  return near.filter(({ distance }) => distance === smallest).map(({ candidate }) => candidate);
}

function allowedDistance(typed: string, candidate: string): number {
  const length = Math.max(typed.length, candidate.length);
  return Math.max(length < 4 ? 1 : 2, Math.floor(length / 3));
}

/**
 * Insertions, deletions and replacements that turn one word into the other.
 *
 * @see https://en.wikipedia.org/wiki/Levenshtein_distance
 */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
