/** Profiles of this process, one of a kind at a time, through an inspector that stays closed to the network. */

import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TouchlineError } from '../../protocol/touchline-error.ts';
import type { ProfileKind } from './profile-kinds.ts';
import { LONGEST_PROFILE_SECONDS, type ProfileRequest } from './profile-request.ts';

/** What is running, until it is stopped by whoever started it or by its deadline. */
interface RunningProfile {
  readonly session: Session;
  readonly deadline: NodeJS.Timeout;
}

export interface ProcessProfilerOptions {
  /** A profile that nobody stops ends after it. @defaultValue 600000 */
  readonly longestMs?: number;
  /** @defaultValue whether this Node has an inspector */
  readonly hasInspector?: boolean;
}

/**
 * Costs nothing while no profile runs. The inspector's session stays open once it was needed: the end of any session
 * makes V8 forget the ids of objects, by which heap snapshots taken before and after would be compared.
 */
export class ProcessProfiler {
  readonly #kind: ProfileKind;
  readonly #longestMs: number;
  readonly #hasInspector: boolean;
  #running: RunningProfile | 'starting' | null = null;
  #session: Session | null = null;

  constructor(kind: ProfileKind, options: ProcessProfilerOptions = {}) {
    this.#kind = kind;
    this.#longestMs = options.longestMs ?? LONGEST_PROFILE_SECONDS * 1_000;
    this.#hasInspector = options.hasInspector ?? process.features.inspector;
  }

  /**
   * @returns the profile where one ended, else what goes on
   * @throws TouchlineError `TL_PROFILE_RUNNING`, `TL_PROFILE_NOT_RUNNING` or `TL_PROFILE_UNAVAILABLE`
   */
  async answer(request: ProfileRequest): Promise<unknown> {
    switch (request.what) {
      case 'start':
        await this.start(request.interval);
        return { running: true, [this.#kind.intervalName]: request.interval };
      case 'stop':
        return this.stop();
      case 'take':
        return this.#take(request.seconds * 1_000, request.interval);
    }
  }

  /** @throws TouchlineError `TL_PROFILE_RUNNING` or `TL_PROFILE_UNAVAILABLE` */
  async start(interval: number): Promise<void> {
    const { name } = this.#kind;
    if (!this.#hasInspector) {
      throw new TouchlineError(
        'TL_PROFILE_UNAVAILABLE',
        `expected a Node with its inspector, which takes profiles; this ${process.version} was built without`,
      );
    }
    if (this.#running !== null) {
      throw new TouchlineError(
        'TL_PROFILE_RUNNING',
        `expected no ${name} profile in progress; one is running: stop it with ?do=stop, or ask again when it is over`,
      );
    }
    this.#running = 'starting';
    const session = this.#openSession();
    try {
      await this.#kind.start(session, interval);
    } catch (error) {
      this.#running = null;
      throw error;
    }
    const deadline = setTimeout(() => void this.stop().catch(() => undefined), this.#longestMs);
    deadline.unref();
    this.#running = { session, deadline };
  }

  /** @throws TouchlineError `TL_PROFILE_NOT_RUNNING` where none was started, or its time was over */
  async stop(): Promise<unknown> {
    const running = this.#running;
    if (running === null || running === 'starting') {
      throw new TouchlineError(
        'TL_PROFILE_NOT_RUNNING',
        `expected a ${this.#kind.name} profile that was started with ?do=start at most ${this.#longestMs / 1_000} s ago; none is running`,
      );
    }
    this.#running = null;
    clearTimeout(running.deadline);
    return this.#kind.stop(running.session);
  }

  #openSession(): Session {
    if (this.#session === null) {
      this.#session = new Session();
      this.#session.connect();
    }
    return this.#session;
  }

  /** A process that shall end does not wait for it. */
  async #take(durationMs: number, interval: number): Promise<unknown> {
    await this.start(interval);
    await sleep(durationMs, undefined, { ref: false });
    return this.stop();
  }
}
