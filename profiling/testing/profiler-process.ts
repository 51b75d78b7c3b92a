/** A profiling command as users start it, with everything it spawned in view: for e2e tests on dist/. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRunRecord } from '../record/parse-run-record.ts';
import type { RunRecord, ScenarioName } from '../record/run-record.ts';
import type { TierRecord } from '../record/tier-record.ts';

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` printed. */
export interface PrintedVerdict {
  readonly scenario: string;
  readonly verdict: string;
  readonly checks: readonly {
    readonly name: string;
    readonly threshold: number;
    readonly observed: number | null;
    readonly unit: string;
    readonly verdict: string;
  }[];
  readonly runFile: string;
  readonly reportFile: string;
  readonly htmlFile: string;
}

export interface ProfilerSurroundings {
  /** On top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it leads a process group, as a command on a terminal does: see {@link ProfilerProcess.pressCtrlC}. */
  readonly ownGroup?: boolean;
}

/** One started command. */
export class ProfilerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  private readonly spawned = new Map<number, string>();
  private stderr = '';
  private readonly waiting: { pattern: RegExp; resolve: () => void }[] = [];

  constructor(
    script: string,
    argv: readonly string[],
    { environment = {}, ownGroup = false }: ProfilerSurroundings = {},
  ) {
    this.child = spawn(process.execPath, [script, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      detached: ownGroup,
    });
    let stdout = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.look();
      for (const { pattern, resolve } of this.waiting) if (pattern.test(this.stderr)) resolve();
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (exit) => resolve({ exit, stdout, stderr: this.stderr }));
    });
  }

  /** Waits until stderr shows the pattern; fails when the command ends before. */
  async until(pattern: RegExp): Promise<void> {
    if (pattern.test(this.stderr)) return;
    const seen = new Promise<true>((resolve) => {
      this.waiting.push({ pattern, resolve: () => resolve(true) });
    });
    const early = this.ended.then(({ exit, stderr }) => {
      throw new Error(`expected ${pattern} on stderr; it ended with ${exit}:\n${stderr}`);
    });
    await Promise.race([seen, early]);
  }

  /** SIGINT to every process of its group, as a terminal sends it. Needs a group of its own. */
  pressCtrlC(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
  }

  /** Pid of a process that the command started and whose command line has this in it. */
  pidOf(part: string): number {
    this.look();
    const found = [...this.spawned].find(([, words]) => words.includes(part));
    if (found === undefined) throw new Error(`no process of ${part} among ${[...this.spawned.values()]}`);
    return found[0];
  }

  /** Command lines of everything it started that still runs. */
  leftovers(): readonly string[] {
    return [...this.spawned].filter(([pid, words]) => commandLine(pid) === words).map(([, words]) => words);
  }

  /** How many processes it was seen to start. */
  get spawnedCount(): number {
    return this.spawned.size;
  }

  private look(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    for (const child of childrenOf(pid)) {
      const words = commandLine(child);
      // Without words it has ended and was not reaped yet: later it would look like one that is still there.
      if (words !== '') this.spawned.set(child, words);
    }
  }
}

/** Starts a command and waits for its end. */
export async function runProfiler(script: string, argv: readonly string[]): Promise<Ended> {
  return new ProfilerProcess(script, argv).ended;
}

/**
 * Runs a command whose measurement must be trusted. Other work on the machine may make a run of a second
 * inconclusive (exit 4), which is right: it is run again then. Any other ending stands.
 *
 * @param mostAttempts with the first
 */
export async function runOnHealthyRig(
  script: string,
  argv: readonly string[],
  mostAttempts = 3,
): Promise<Ended & { readonly profiler: ProfilerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const profiler = new ProfilerProcess(script, argv);
    const ended = await profiler.ended;
    if (ended.exit !== 4 || attempt === mostAttempts) return { ...ended, profiler };
  }
}

/**
 * Whether others left no core free while this was measured: then inconclusive is a right answer, and the only
 * excuse for it that tests take.
 */
export function wasMachineFull({
  load,
}: {
  readonly load: Pick<TierRecord['load'], 'machineCpuRatio'>;
}): boolean {
  return (load.machineCpuRatio ?? 0) > 0.9;
}

/** Whether a process is there that is not merely waiting to be reaped. */
export function isRunning(pid: string | number): boolean {
  try {
    // `pid (name) state …`; a name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

export const CONCURRENCY = 'profiling/websocket-concurrent-test.js';
export const BROADCAST = 'profiling/broadcast-test.js';
export const CHURN = 'profiling/churn-test.js';
export const REPORT = 'profiling/report.js';
export const OVERHEAD = 'profiling/overhead-test.js';
export const FIREHOSE = 'profiling/firehose-test.js';
export const HTTP = 'profiling/http-test.js';
export const BENCHMARK = 'profiling/benchmark.js';
export const PROFILE = 'profiling/profile.js';
export const BASELINE = 'profiling/baseline.js';

export type RecordOf<Name extends ScenarioName> = Extract<RunRecord, { readonly scenario: Name }>;

/** The run.json in a folder, checked. @throws Error when it is another scenario's */
export function recordIn<Name extends ScenarioName>(folder: string, scenario: Name): RecordOf<Name> {
  const file = join(folder, 'run.json');
  const record = parseRunRecord(JSON.parse(readFileSync(file, 'utf8')), file);
  if (isOf(record, scenario)) return record;
  throw new Error(`expected a run of ${scenario} in ${file}; received ${record.scenario}`);
}

function isOf<Name extends ScenarioName>(record: RunRecord, scenario: Name): record is RecordOf<Name> {
  return record.scenario === scenario;
}

/** The one JSON object on stdout. */
export function printedVerdict(stdout: string): PrintedVerdict {
  return JSON.parse(stdout) as PrintedVerdict;
}

function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) => {
    try {
      return readFileSync(`${tasks}/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
