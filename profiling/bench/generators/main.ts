/** `npm run bench:generators`: touchline's load generator beside others, on the same broadcast. */

import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import { readEnvironment } from '../../run/environment.ts';
import { formatBytes, formatPercent } from '../../verdict/quantities.ts';
import { runBenchCommand } from '../bench-command.ts';
import { writeSection } from '../benchmarks-file.ts';
import { benchCells } from './bench-cells.ts';
import { runBench } from './bench-run.ts';
import { GENERATORS } from './generator-catalogue.ts';
import { type GeneratorsReport, summarise } from './generators-report.ts';
import { generatorsSection, generatorsText } from './generators-section.ts';
import { type GeneratorBenchOptions, HELP, parseGeneratorOptions } from './options.ts';
import { prepareGenerators } from './prepare-generators.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../../../', import.meta.url));
const SECTION = 'generators';

/** The whole command. */
export function main(): Promise<void> {
  return runBenchCommand({ help: HELP, parse: parseGeneratorOptions, run: bench });
}

async function bench(options: GeneratorBenchOptions, interrupted: AbortSignal): Promise<number> {
  const onProgress = (text: string) => console.error(text);
  const { programs, unavailable } = await prepareGenerators(options.generators, {
    projectFolder: PROJECT_FOLDER,
    onProgress,
  });
  for (const { name, reason } of unavailable) {
    console.log(`not measured: ${GENERATORS[name].title}. ${reason}`);
  }
  const startedAt = Date.now();
  const cells = benchCells(options);
  const { turns, otherLoadRatio } = await runBench(programs, cells, { interrupted, onProgress });
  if (interrupted.aborted) {
    console.error('interrupted: nothing was written');
    return EXIT_CODES.interrupted.code;
  }
  const report = summarise({
    setting: { ...(await readSetting()), startedAt, durationMs: Date.now() - startedAt, otherLoadRatio },
    measured: programs,
    unavailable,
    cells,
    turns,
  });
  console.log(generatorsText(report));
  if (report.answers.length > 0) console.log('\nIn brackets: what the server did while that one received.');
  if (otherLoadRatio !== null)
    console.log(`Other programs took up to ${formatPercent(otherLoadRatio)} of this machine meanwhile.`);
  for (const problem of report.problems) console.error(`problem: ${problem}`);
  await write(options, report);
  return report.problems.length > 0 ? EXIT_CODES.fail.code : EXIT_CODES.pass.code;
}

async function readSetting(): Promise<{ readonly command: string; readonly environment: string }> {
  const { cpuModel, cores, memoryBytes, kernel, node, gitCommit } = await readEnvironment(PROJECT_FOLDER);
  const words = process.argv.slice(2);
  return {
    command: ['npm run bench:generators', ...(words.length > 0 ? ['--', ...words] : [])].join(' '),
    environment: [
      `${cpuModel}, ${cores} cores, ${formatBytes(memoryBytes)}`,
      `kernel ${kernel}`,
      `Node ${node}`,
      `commit ${gitCommit ?? 'unknown'}`,
    ].join(' · '),
  };
}

async function write({ out }: GeneratorBenchOptions, report: GeneratorsReport): Promise<void> {
  if (out === null) {
    console.error('not written: a part of the benchmark is written only where --out says');
    return;
  }
  await writeSection(out, SECTION, generatorsSection(report));
  console.error(`written: ${out}`);
}
