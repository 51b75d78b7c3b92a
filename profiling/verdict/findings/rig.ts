/** Findings about the rig itself: what kept the measurement from being trusted. */

import type { Finding, ValidityCode, ValidityProblem } from '../verdict.ts';
import { RIG_ADVICE } from './rig-advice.ts';

/** A stretch of load and what was wrong with its rig. */
export interface RigPlace {
  /** What it is called: `1,000`, `400/s`. */
  readonly name: string;
  readonly problems: readonly ValidityProblem[];
  /** Whether the verdict depends on it. */
  readonly isJudged: boolean;
}

/** How a scenario speaks of such places. */
export interface RigWords {
  /** `At 100 and 500 connections` */
  readonly placesOf: (names: readonly string[]) => string;
  /** Said where the verdict depends on none of them. */
  readonly unjudged: string;
}

/** One finding for each kind of problem, with the places that had it. */
export function rigFindings(places: readonly RigPlace[], words: RigWords): readonly Finding[] {
  const codes = new Set(places.flatMap(({ problems }) => problems.map(({ code }) => code)));
  return [...codes].map((code) => findingOf(code, places, words));
}

function findingOf(code: ValidityCode, places: readonly RigPlace[], words: RigWords): Finding {
  const [title, where, todo] = RIG_ADVICE[code];
  const struck = places.filter(({ problems }) => problems.some((problem) => problem.code === code));
  const first = struck[0]?.problems.find((problem) => problem.code === code);
  const names = [...new Set(struck.map(({ name }) => name))];
  const note = struck.some(({ isJudged }) => isJudged) ? '' : ` ${words.unjudged}`;
  return { title, seen: `${words.placesOf(names)}: ${first?.sentence ?? ''}.${note}`, where, todo };
}
