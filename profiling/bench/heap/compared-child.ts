/** Compares three snapshots in a process of its own, so that its memory is its own: with touchline, or with JSON.parse alone. Entry file. */

import { readFileSync } from 'node:fs';
import { findGrowth } from '../../heap/find-growth.ts';

const [, , way = '', connections = '1', first = '', second = '', third = ''] = process.argv;
const files = [first, second, third] as const;
const startedAt = performance.now();
const found = way === 'touchline' ? await compared() : parsed();
const { user, system } = process.cpuUsage();
const seconds = (performance.now() - startedAt) / 1_000;
const rssBytes = process.resourceUsage().maxRSS * 1_024;
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, rssBytes, found }));

async function compared(): Promise<string> {
  const growth = await findGrowth({ files, connections: Number(connections), projectFolder: process.cwd() });
  const [leak] = growth.classes;
  return `${leak?.persisting} ${leak?.name} held by ${leak?.holder}`;
}

/** What every tool that parses snapshots whole pays before it can look at one: the three in turn, none kept. */
function parsed(): string {
  let nodes = 0;
  for (const file of files) nodes += JSON.parse(readFileSync(file, 'utf8')).nodes.length;
  return `${nodes} numbers, nothing compared`;
}
