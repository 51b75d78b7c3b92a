/** Prometheus' own linter over a scrape. */

import { spawnSync } from 'node:child_process';

/** @returns what `promtool check metrics` complains of; empty when it is content */
export function promtoolComplaints(text: string): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `${stdout}${stderr}`;
}
