/** A program that runs for as long as we do: quiet, awaited until it answers, and never left behind. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lines that are repeated when it ends by itself. */
const LAST_LINES = 15;
const KEPT_CHARACTERS = 16_384;
const ASK_EVERY_MS = 100;
const ASK_TIMEOUT_MS = 1_000;

export interface ProgramOptions {
  /** As people call it. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** With a channel for messages, which ends it when we are gone. */
  readonly channel?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class WatchedProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<ProcessEnd>;
  #text = '';
  #end: ProcessEnd | null = null;

  /** Starts it in a group of its own: Ctrl-C on the terminal is for us, who stop it in order. */
  constructor({ name, file, args, env, cwd, channel = false }: ProgramOptions) {
    this.name = name;
    const options: SpawnOptions = {
      stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
      env: { ...env },
      detached: true,
      ...(cwd === undefined ? {} : { cwd }),
    };
    this.child = spawn(file, [...args], options);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#text = (this.#text + text).slice(-KEPT_CHARACTERS);
      });
    }
    const kill = () => this.child.kill('SIGKILL');
    process.once('exit', kill);
    this.ended = new Promise((resolve) => {
      const settle = (end: ProcessEnd) => {
        this.#end ??= end;
        process.off('exit', kill);
        resolve(this.#end);
      };
      this.child.once('error', (error) => {
        this.#text += `${error.message}\n`;
        settle({ code: null, signal: null });
      });
      // `close` comes after the last output, `exit` may come before.
      this.child.once('close', (code, signal) => settle({ code, signal }));
    });
  }

  get isRunning(): boolean {
    return this.#end === null;
  }

  /** The last lines that it wrote. */
  get lastLines(): string {
    return this.#text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  /** How it ended, in words. */
  get endText(): string {
    const { code, signal } = this.#end ?? { code: null, signal: null };
    return signal === null ? `exit code ${code ?? 'unknown'}` : signal;
  }

  /**
   * Asks until it answers 200.
   *
   * @returns false when it ended before, or the time is over
   */
  async answers(url: string, timeoutMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while (this.isRunning && performance.now() < deadlineMs) {
      if (await isAnswering(url)) return this.isRunning;
      await Promise.race([sleep(ASK_EVERY_MS), this.ended]);
    }
    return false;
  }

  /** Asks it to end; kills it when the deadline passes. */
  async stop(deadlineMs: number): Promise<ProcessEnd> {
    if (this.isRunning) this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), deadlineMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
