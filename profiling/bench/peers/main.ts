/** `npm run bench:peers`: touchline beside other WebSocket servers, and beside the limit of the machine. */

import { fileURLToPath } from 'node:url';
import { PEERS } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { type PreparedPeers, preparePeers } from '../../../load-tests/peers/run/prepared-peers.ts';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import { readEnvironment } from '../../run/environment.ts';
import { formatBytes } from '../../verdict/quantities.ts';
import { runBenchCommand } from '../bench-command.ts';
import { writeSection } from '../benchmarks-file.ts';
import { cellGroups } from './bench-cells.ts';
import { type BenchOptions, HELP, parseBenchOptions } from './bench-options.ts';
import { BenchRun } from './bench-run.ts';
import type { CellSummary } from './cell-summary.ts';
import { copyLine, floorTable } from './floor-table.ts';
import { measureCopyBytesPerSecond } from './memory-bandwidth.ts';
import type { BenchSetting, GroupSummary, PeersReport } from './peers-report.ts';
import { peersSection } from './peers-section.ts';
import { alignTable, groupTable, problemsOf } from './ratio-table.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../../../', import.meta.url));
const CACHE_FOLDER = '.touchline/peers';
const SECTION = 'peers';

/** The whole command. */
export function main(): Promise<void> {
  return runBenchCommand({ help: HELP, parse: parseBenchOptions, run: bench });
}

async function bench(options: BenchOptions, interrupted: AbortSignal): Promise<number> {
  const startedAt = Date.now();
  const prepared = await preparePeers(options.peers, {
    projectFolder: PROJECT_FOLDER,
    cacheFolder: CACHE_FOLDER,
    onProgress: (text) => console.error(text),
  });
  for (const { name, reason } of prepared.unmeasured) {
    console.log(`not measured: ${PEERS[name].title}. ${reason}`);
  }
  const copyBytesPerSecond = measureCopyBytesPerSecond();
  const { groups, otherLoadRatio } = await measureGroups(prepared, options, {
    interrupted,
    copyBytesPerSecond,
  });
  const floor = floorTable(groups);
  console.log(
    `\nThe floor\n${floor === null ? '' : `${alignTable(floor)}\n`}  ${copyLine(copyBytesPerSecond)}`,
  );
  const problems = groups.flatMap(({ cells }) => cells.flatMap(problemsOf));
  for (const problem of problems) console.error(`problem: ${problem}`);
  if (interrupted.aborted) {
    console.error('interrupted: nothing was written');
    return EXIT_CODES.interrupted.code;
  }
  const setting = await readSetting(options, { startedAt, otherLoadRatio });
  await write(options, report(prepared, { setting, groups, copyBytesPerSecond }));
  return problems.length > 0 ? EXIT_CODES.fail.code : EXIT_CODES.pass.code;
}

async function measureGroups(
  { measured }: PreparedPeers,
  options: BenchOptions,
  { interrupted, copyBytesPerSecond }: { interrupted: AbortSignal; copyBytesPerSecond: number },
): Promise<{ groups: readonly GroupSummary[]; otherLoadRatio: number | null }> {
  const planned = cellGroups(options);
  const run = new BenchRun(
    measured,
    planned.flatMap(({ cells }) => cells),
    { ...options, interrupted, onProgress: (text) => console.error(text) },
  );
  const groups: GroupSummary[] = [];
  for (const { title, cells } of planned) {
    if (interrupted.aborted) break;
    const summaries: CellSummary[] = [];
    for (const cell of cells) summaries.push(await run.measureCell(cell));
    const group = { title, cells: summaries };
    groups.push(group);
    console.log(`\n${title}\n${alignTable(groupTable(group, copyBytesPerSecond))}`);
  }
  return { groups, otherLoadRatio: run.otherLoadRatio };
}

function report(
  { measured, unmeasured }: PreparedPeers,
  found: Pick<PeersReport, 'setting' | 'groups' | 'copyBytesPerSecond'>,
): PeersReport {
  return {
    ...found,
    measured: measured.map(({ name, version }) => ({ title: PEERS[name].title, version })),
    unmeasured,
  };
}

async function readSetting(
  { rounds, measureMs, warmUpMs }: BenchOptions,
  { startedAt, otherLoadRatio }: Pick<BenchSetting, 'startedAt' | 'otherLoadRatio'>,
): Promise<BenchSetting> {
  const { cpuModel, cores, memoryBytes, kernel, node, gitCommit } = await readEnvironment(PROJECT_FOLDER);
  const words = process.argv.slice(2);
  return {
    command: ['npm run bench:peers', ...(words.length > 0 ? ['--', ...words] : [])].join(' '),
    startedAt,
    rounds,
    measureMs,
    warmUpMs,
    environment: [
      `${cpuModel}, ${cores} cores, ${formatBytes(memoryBytes)}`,
      `kernel ${kernel}`,
      `Node ${node}`,
      `commit ${gitCommit ?? 'unknown'}`,
    ].join(' · '),
    otherLoadRatio,
  };
}

async function write({ out }: BenchOptions, found: PeersReport): Promise<void> {
  if (out === null) {
    console.error('not written: a part of the benchmark is written only where --out says');
    return;
  }
  await writeSection(out, SECTION, peersSection(found));
  console.error(`written: ${out}`);
}
