/**
 * Writes dashboards/json/ from the code (`npm run dashboards:generate`), or with --check fails when it is stale
 * (`npm run dashboards:check`).
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findStale, renderBoards } from './render.ts';

/** From dist/dashboards/. */
const FOLDER = new URL('../../dashboards/json/', import.meta.url);

if (process.argv.includes('--check')) check();
else generate();

function check(): void {
  const problems = findStale(readCommitted());
  for (const problem of problems) console.error(`dashboards/json/${problem}`);
  if (problems.length === 0) return;
  console.error('Run npm run dashboards:generate and commit what it writes.');
  process.exitCode = 1;
}

function generate(): void {
  const rendered = renderBoards();
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readCommitted().keys()) {
    if (!rendered.has(name)) rmSync(new URL(name, FOLDER));
  }
  for (const [name, text] of rendered) writeFileSync(new URL(name, FOLDER), text);
  console.log(`dashboards/json: ${rendered.size} boards`);
}

function readCommitted(): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
  );
}
