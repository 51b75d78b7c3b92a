/** The committed boards, as Grafana reads them. */

import { readdirSync, readFileSync } from 'node:fs';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

const FOLDER = new URL('../json/', import.meta.url);

/** File name → text. */
export function readBoardFiles(): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
  );
}

export function readBoards(): Dashboard[] {
  return [...readBoardFiles().values()].map((text) => JSON.parse(text) as Dashboard);
}

/** A copy that a test may spoil. */
export function copyOf(board: Dashboard): Dashboard {
  return structuredClone(board);
}
