/** Artillery as a program: installed on first use from the lock file beside this file, run by a Node that it takes. */

import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GeneratorCommand, GeneratorProgram, UnavailableGenerator } from './generator-program.ts';
import { type GeneratorResult, parseJson } from './receiving/generator-result.ts';
import type { ReceivePlan } from './receiving/receive-plan.ts';
import { scriptFile } from './script-file.ts';

const PACKAGE_FOLDER = 'profiling/bench/generators/artillery';
const FOLDER = '.touchline/artillery';
/** As `npm run smoke` keeps it. */
const NODE_FOLDER = '.touchline/node-24';
/** Artillery 2.0.34 wants at least this. */
const LEAST_NODE = [22, 18] as const;
/** New connections a second. */
const ARRIVALS_PER_SECOND = 500;

interface Preparing {
  readonly projectFolder: string;
  readonly onProgress: (text: string) => void;
}

const run = promisify(execFile);

/** Installs it, and a newer Node, where they are missing. */
export async function prepareArtillery(options: Preparing): Promise<GeneratorProgram | UnavailableGenerator> {
  const folder = join(options.projectFolder, FOLDER);
  try {
    const node = await findNode(options);
    await install(folder, options);
    const { version }: { version: string } = JSON.parse(
      await readFile(join(folder, 'node_modules/artillery/package.json'), 'utf8'),
    );
    const { stdout } = await run(node, ['--version']);
    return {
      name: 'artillery',
      version: `${version}, Node ${stdout.trim()}`,
      hearsLines: false,
      command: (plan, scratch) => artilleryCommand({ node, folder }, plan, scratch),
      readResult: readReport,
    };
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split('\n');
    return { name: 'artillery', reason: `It could not be installed from the npm registry: ${why}.` };
  }
}

async function findNode({ projectFolder, onProgress }: Preparing): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return process.execPath;
  const folder = join(projectFolder, NODE_FOLDER);
  const program = join(folder, 'node_modules/node/bin/node');
  if (existsSync(program)) return program;
  onProgress('installing Node 24 for Artillery (once) …');
  await run('npm', ['install', '--prefix', folder, '--no-save', '--loglevel=error', 'node@24']);
  return program;
}

/** Once for each lock file. Its packages' install scripts are not run: it works without them. */
async function install(folder: string, { projectFolder, onProgress }: Preparing): Promise<void> {
  const source = join(projectFolder, PACKAGE_FOLDER);
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'installed.json');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === lock) return;
  onProgress('installing Artillery (about a minute and 460 MB, once) …');
  await mkdir(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(join(source, file), join(folder, file));
  const words = ['ci', '--ignore-scripts', '--omit=dev', '--omit=optional', '--loglevel=error'];
  await run('npm', words, { cwd: folder });
  await writeFile(stamp, lock);
}

function artilleryCommand(
  { node, folder }: { readonly node: string; readonly folder: string },
  plan: ReceivePlan,
  scratch: string,
): GeneratorCommand {
  const script = join(scratch, 'artillery.json');
  const seconds = Math.max(Math.ceil(plan.connections / ARRIVALS_PER_SECOND), 1);
  const config = {
    target: plan.wsUrl,
    phases: [{ duration: seconds, arrivalCount: plan.connections }],
    processor: scriptFile('artillery-processor.js'),
  };
  const scenarios = [{ engine: 'ws', flow: [{ function: 'receive' }] }];
  writeFileSync(script, JSON.stringify({ config, scenarios }));
  return {
    program: node,
    words: [
      join(folder, 'node_modules/artillery/bin/run'),
      'run',
      '--quiet',
      '--output',
      plan.resultFile,
      script,
    ],
    environment: { ARTILLERY_DISABLE_TELEMETRY: 'true' },
  };
}

/** Artillery's own report: counters, and p50 and p99 of its histograms. */
export function readReport(text: string): GeneratorResult {
  const { aggregate } = reportOf(parseJson(text));
  const quantiles = (name: string) => {
    const summary = aggregate.summaries?.[name];
    return summary === undefined ? null : { p50Ms: summary['p50'] ?? null, p99Ms: summary['p99'] ?? null };
  };
  return {
    received: aggregate.counters?.['bench.received'] ?? 0,
    lost: aggregate.counters?.['bench.lost'] ?? 0,
    repeated: aggregate.counters?.['bench.repeated'] ?? 0,
    fromIntended: quantiles('bench.from_intended'),
    fromSent: quantiles('bench.from_sent'),
  };
}

interface ArtilleryReport {
  readonly aggregate: {
    readonly counters?: Readonly<Record<string, number>>;
    readonly summaries?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

function reportOf(value: unknown): ArtilleryReport {
  if (typeof value === 'object' && value !== null && 'aggregate' in value) return value as ArtilleryReport;
  return { aggregate: {} };
}
