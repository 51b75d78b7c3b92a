/** Counts answers and finds the most frequent. */

/** Of equal counts the first wins. @returns null where nobody voted */
export function mostVotes<Answer>(votes: ReadonlyMap<Answer, number>): readonly [Answer, number] | null {
  let most: readonly [Answer, number] | null = null;
  for (const vote of votes) if (most === null || vote[1] > most[1]) most = vote;
  return most;
}

/** One more for this answer. */
export function addVote<Answer>(votes: Map<Answer, number>, answer: Answer): void {
  votes.set(answer, (votes.get(answer) ?? 0) + 1);
}
