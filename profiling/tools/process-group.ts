/** A program in a process group of its own, signalled and ended as a whole: what it starts must not outlive it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOf, type ServerExit } from '../run/server-launcher.ts';

export interface GroupOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes stdout and stderr. */
  readonly logFile: string;
  /** @defaultValue this `node` */
  readonly program?: string;
}

/** Of one program and its children. Ended with this process, whatever happens. */
export class ProcessGroup {
  /** The end of the first process; others of the group may still run. */
  readonly exited: Promise<ServerExit>;
  private readonly child: ChildProcess;
  /** Its id may soon be somebody else's. */
  private isOver = false;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.exited = exitOf(child);
    // Before folders are removed that they write into.
    process.prependOnceListener('exit', this.kill);
    // Whoever of the group is left then has lost whom it worked for.
    void this.exited.then(() => {
      this.kill();
      this.isOver = true;
    });
  }

  /** @param words behind the program */
  static start(
    words: readonly string[],
    { folder, environment, logFile, program = process.execPath }: GroupOptions,
  ): ProcessGroup {
    const log = openSync(logFile, 'a');
    try {
      const child = spawn(program, [...words], {
        cwd: folder,
        env: { ...environment },
        stdio: ['ignore', log, log],
        detached: true,
      });
      return new ProcessGroup(child);
    } finally {
      closeSync(log);
    }
  }

  /**
   * @param stop ends the waiting early
   * @returns how the first process ended; undefined, and all are ended, where it took longer or was stopped
   */
  async endWithin(ms: number, stop?: AbortSignal): Promise<ServerExit | undefined> {
    const waiting = new AbortController();
    const signal = AbortSignal.any([waiting.signal, ...(stop === undefined ? [] : [stop])]);
    const deadline = sleep(ms, undefined, { signal }).catch(() => undefined);
    const exit = await Promise.race([this.exited, deadline]);
    waiting.abort();
    if (exit === undefined) {
      this.kill();
      await this.exited;
    }
    return exit;
  }

  /** To every process of the group: a tool may not pass a signal on. */
  signal(name: NodeJS.Signals): void {
    // Without an id there was never a process.
    if (this.isOver || this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // Nobody of the group is left.
    }
  }

  readonly kill = (): void => {
    process.off('exit', this.kill);
    this.signal('SIGKILL');
  };
}
