/** A process with a large heap and a small leak, which writes three snapshots and ends. Entry file: FOLDER ROWS SESSIONS. */

import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';

class Row {
  readonly id: number;
  readonly tags: readonly (number | string)[];
  readonly meta: { readonly even: boolean; readonly text: string };

  constructor(id: number) {
    this.id = id;
    this.tags = [id, 'x'];
    this.meta = { even: id % 2 === 0, text: `row ${id}` };
  }
}

class ClientSession {
  readonly row: Row;

  constructor(row: Row) {
    this.row = row;
  }
}

class Registry {
  readonly rows: Row[] = [];
  readonly sessions = new Map<string, ClientSession>();
}

const [, , folder = '.', rows = '0', sessions = '0'] = process.argv;
const registry = new Registry();
// Reached from outside of this module, so that nothing of it is collected.
Reflect.set(globalThis, 'registry', registry);
for (let id = 0; id < Number(rows); id += 1) registry.rows.push(new Row(id));
for (let snapshot = 0; snapshot < 3; snapshot += 1) {
  writeHeapSnapshot(join(folder, `${snapshot}.heapsnapshot`));
  for (let made = 0; made < Number(sessions); made += 1) {
    registry.sessions.set(`${snapshot} ${made}`, new ClientSession(new Row(made)));
  }
}
