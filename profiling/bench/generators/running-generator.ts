/** A generator that runs: what all its processes use, what it is told, what it wrote, its end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline';
import { listTree } from '../../../load-tests/generator/ticks/browser/process-tree.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import { readRssBytes } from '../process-figures.ts';
import type { GeneratorProgram } from './generator-program.ts';
import type { GeneratorResult } from './receiving/generator-result.ts';
import { planEnvironment, type ReceivePlan } from './receiving/receive-plan.ts';

const KEPT_OUTPUT = 2_000;
const END_TIMEOUT_MS = 60_000;
const KILL_AFTER_MS = 2_000;

export class RunningGenerator {
  readonly #program: GeneratorProgram;
  readonly #plan: ReceivePlan;
  readonly #child: ChildProcess;
  readonly #lines: Interface | null;
  readonly #closed: Promise<unknown>;
  #lastWords = '';

  /** @param folder for files of its own */
  constructor(program: GeneratorProgram, plan: ReceivePlan, folder: string) {
    this.#program = program;
    this.#plan = plan;
    const { program: file, words, environment } = program.command(plan, folder);
    this.#child = spawn(file, words, {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, ...planEnvironment(plan) },
      // A group of its own: Ctrl-C is for the bench, which then ends it with all it started.
      detached: true,
    });
    this.#closed = once(this.#child, 'close').catch(() => undefined);
    // One that ended reads no more.
    this.#child.stdin?.on('error', () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (bytes) => this.#hear(bytes));
    this.#lines = this.#child.stdout === null ? null : createInterface({ input: this.#child.stdout });
  }

  /** CPU seconds of all its processes so far. */
  cpuSeconds(): number {
    return this.#pids().reduce((sum, pid) => sum + (readCpuSeconds(pid) ?? 0), 0);
  }

  /** Resident memory of all its processes; what several of them share counts for each. */
  async rssBytes(): Promise<number> {
    const sizes = await Promise.all(this.#pids().map((pid) => readRssBytes(pid).catch(() => 0)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  get hearsLines(): boolean {
    return this.#program.hearsLines;
  }

  /** From here on it measures, where it must be told. */
  load(): void {
    if (this.hearsLines) this.#child.stdin?.write('load\n');
  }

  /** Asks one that hears lines to say when it has read and checked everything. */
  async fence(): Promise<void> {
    if (this.#lines === null) return;
    const answered = once(this.#lines, 'line');
    this.#child.stdin?.write('fence\n');
    await Promise.race([answered, this.#closed.then(() => this.#failed('it ended'))]);
  }

  /** Waits for its end and reads what it wrote. */
  async finish(): Promise<GeneratorResult> {
    if (this.hearsLines) this.#child.stdin?.write('end\n');
    const timer = setTimeout(() => this.#signal('SIGKILL'), END_TIMEOUT_MS);
    await this.#closed;
    clearTimeout(timer);
    if (this.#child.exitCode !== 0)
      this.#failed(`it ended with ${this.#child.signalCode ?? this.#child.exitCode}`);
    const text = await readFile(this.#plan.resultFile, 'utf8').catch(() =>
      this.#failed('it wrote no result'),
    );
    return this.#program.readResult(text);
  }

  /** Ends it, however it stands. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), KILL_AFTER_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  /** Resolves when it is gone. */
  get closed(): Promise<unknown> {
    return this.#closed;
  }

  /** The end of what it printed. */
  get lastWords(): string {
    return this.#lastWords;
  }

  #pids(): readonly number[] {
    return this.#child.pid === undefined ? [] : listTree(this.#child.pid);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It is gone already.
    }
  }

  #hear(bytes: Buffer): void {
    this.#lastWords = `${this.#lastWords}${bytes.toString()}`.slice(-KEPT_OUTPUT);
  }

  #failed(what: string): never {
    const said = this.#lastWords.trim() === '' ? '' : ` Its last words: ${this.#lastWords.trim()}`;
    throw new TouchlineError(
      'TL_WORKER_FAILED',
      `expected ${this.#program.name} to receive to the end; ${what}.${said}`,
    );
  }
}
