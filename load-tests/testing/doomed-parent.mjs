/** A program that runs load, for a test to kill: tells the process ids of its workers once they measure. */

import { readdirSync, readFileSync } from 'node:fs';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';

/** Process ids whose parent is this process, by /proc. */
function childPids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === process.pid)
    .map(Number);
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

process.once('message', async (plan) => {
  const coordinator = await LoadCoordinator.start({ workers: 2 });
  await coordinator.run(plan, {
    phase: (phase) => {
      if (phase === 'measure') process.send(childPids());
    },
    progress: () => undefined,
  });
});
