/** A generator process as its parent sees it: commands go out, events come back, its death is an error. */

import { type ChildProcess, fork } from 'node:child_process';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { WorkerMoment } from './load-observer.ts';
import type { MomentUsage } from './worker/worker-usage.ts';
import type { WorkerRole } from './worker-messages.ts';
import type { FromWorker, FromWorkerOf, FromWorkerType, ToWorker } from './worker-traffic.ts';

const WORKER_FILE = new URL('./worker/worker.js', import.meta.url);
/** How much of a crashed worker's stderr the error quotes. */
const QUOTED_STDERR_CHARS = 2_000;
/** How long a worker may take to end by itself. */
const STOP_TIMEOUT_MS = 2_000;

interface Waiter {
  readonly type: FromWorkerType;
  readonly take: (event: FromWorker) => void;
  readonly fail: (error: TouchlineError) => void;
}

export class WorkerProcess {
  readonly index: number;
  readonly role: WorkerRole;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiters = new Set<Waiter>();
  #progress: FromWorkerOf<'progress'> | null = null;
  #usage: MomentUsage | undefined;
  #failure: TouchlineError | null = null;
  #stderr = '';
  #isStopping = false;
  /** Looks at the worker that were not answered by any event; see {@link checkLife}. */
  #silentChecks = 0;
  /** Called with each progress event. */
  onProgress: () => void = () => undefined;
  /** Called once when the process fails. */
  onFailure: (error: TouchlineError) => void = () => undefined;

  constructor(index: number, role: WorkerRole) {
    this.index = index;
    this.role = role;
    this.#child = fork(WORKER_FILE, [role], {
      // Flags of the parent (a profiler's, say) are not meant for workers.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString()).slice(-QUOTED_STDERR_CHARS);
    });
    // The child is this package's own worker.ts, which sends nothing but FromWorker.
    this.#child.on('message', (message) => this.#take(message as FromWorker));
    this.#exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#fail(`could not run: ${error.message}`);
        // A process that never was has no 'exit'.
        if (this.#child.pid === undefined) resolve();
      });
      this.#child.once('exit', (code, signal) => {
        this.#fail(`ended with ${signal ?? `code ${code}`}. ${this.#stderr}`.trim());
        resolve();
      });
    });
  }

  /** The last progress event of this tier; null before the first. */
  get progress(): FromWorkerOf<'progress'> | null {
    return this.#progress;
  }

  /** What it used over the half second before its last regular report; none before the first. */
  get usage(): readonly WorkerMoment[] {
    return this.#usage === undefined ? [] : [{ worker: this.index, role: this.role, ...this.#usage }];
  }

  /** Sends a command that has no answer of its own. */
  tell(command: ToWorker): void {
    // An error here means that the channel is closed: 'exit' tells why.
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  /**
   * Sends a command and waits for its answer, however long it takes.
   *
   * @throws TouchlineError `TL_WORKER_FAILED` when the worker ends first
   */
  async ask<T extends FromWorkerType>(command: ToWorker, answer: T): Promise<FromWorkerOf<T>> {
    const event = this.next(answer);
    this.tell(command);
    return await event;
  }

  /** Waits for the next event of a type; see {@link ask}. */
  async next<T extends FromWorkerType>(type: T): Promise<FromWorkerOf<T>> {
    const failure = this.#failure;
    return await new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure);
        return;
      }
      const waiter: Waiter = {
        type,
        take: (event) => {
          if (isOfType(event, type)) resolve(event);
        },
        fail: reject,
      };
      this.#waiters.add(waiter);
    });
  }

  /** Forgets the progress of the tier before. */
  resetProgress(): void {
    this.#progress = null;
  }

  /**
   * Notes one more look at the worker. Counting looks instead of time keeps a parent that was itself held up
   * from taking its worker for dead.
   *
   * @returns how many looks in a row it was silent for
   */
  checkLife(): number {
    this.#silentChecks += 1;
    return this.#silentChecks;
  }

  /** Declares the worker failed, and ends it. */
  giveUp(why: string): void {
    this.#fail(why);
    this.kill();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the worker; resolves when it is gone. What still waits for an answer fails. */
  async stop(): Promise<void> {
    this.#failWaiters(this.#failure ?? new TouchlineError('TL_WORKER_FAILED', 'the worker was stopped'));
    this.#isStopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  #take(event: FromWorker): void {
    this.#silentChecks = 0;
    if (event.type === 'failed') this.#fail(event.message);
    if (event.type === 'progress') {
      this.#progress = event;
      this.#usage = event.usage ?? this.#usage;
      this.onProgress();
    }
    for (const waiter of this.#waiters) {
      if (waiter.type !== event.type) continue;
      this.#waiters.delete(waiter);
      waiter.take(event);
    }
  }

  #fail(why: string): void {
    if (this.#isStopping || this.#failure !== null) return;
    this.#failure = new TouchlineError(
      'TL_WORKER_FAILED',
      `expected generator worker ${this.index} (${this.role}, pid ${this.pid}) to run until it is stopped; it ${why}`,
    );
    this.#failWaiters(this.#failure);
    this.onFailure(this.#failure);
  }

  #failWaiters(error: TouchlineError): void {
    for (const waiter of this.#waiters) waiter.fail(error);
    this.#waiters.clear();
  }
}

function isOfType<T extends FromWorkerType>(event: FromWorker, type: T): event is FromWorkerOf<T> {
  return event.type === type;
}
