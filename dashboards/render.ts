/** The boards as the files that are committed: name → text. */

import { buildBoard } from './board.ts';
import { BOARDS } from './boards.ts';

/** `touchline-overview.json` → its text, ending in a newline. */
export function renderBoards(): ReadonlyMap<string, string> {
  return new Map(
    BOARDS.map((spec) => [`${spec.uid}.json`, `${JSON.stringify(buildBoard(spec), null, 2)}\n`]),
  );
}

/** What is wrong with a folder of boards, in sentences; none when it is up to date. */
export function findStale(committed: ReadonlyMap<string, string>): string[] {
  const rendered = renderBoards();
  const problems: string[] = [];
  for (const [name, text] of rendered) {
    const found = committed.get(name);
    if (found === undefined) problems.push(`${name} is missing`);
    else if (found !== text) problems.push(`${name} is stale: ${firstDifference(found, text)}`);
  }
  for (const name of committed.keys()) {
    if (!rendered.has(name)) problems.push(`${name} belongs to no board`);
  }
  return problems;
}

function firstDifference(found: string, wanted: string): string {
  const wantedLines = wanted.split('\n');
  const foundLines = found.split('\n');
  const at = wantedLines.findIndex((line, index) => line !== foundLines[index]);
  if (at === -1) return `line ${wantedLines.length + 1} is one too many`;
  return `line ${at + 1} is "${(foundLines[at] ?? '').trim()}", should be "${wantedLines[at]?.trim()}"`;
}
