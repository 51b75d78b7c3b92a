/** The calibration sink as `calibrate` sees it: a process of its own, as a server would be. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { LoadTarget } from '../generator/load-plan.ts';
import type { SinkEvent, SinkStream } from './sink-messages.ts';

const SINK_FILE = new URL('./calibration-sink-process.js', import.meta.url);

export class SinkProcess {
  readonly target: LoadTarget;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.target = { wsUrl: `ws://127.0.0.1:${port}/ws`, httpUrl: `http://127.0.0.1:${port}` };
  }

  /**
   * @throws TouchlineError `TL_WORKER_FAILED` when it does not come up
   */
  static async start(): Promise<SinkProcess> {
    const child = fork(SINK_FILE, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const event = await nextEvent(child);
    if (event.type === 'listening') return new SinkProcess(child, event.port);
    throw new TouchlineError('TL_WORKER_FAILED', `expected the sink to listen; received ${event.type}`);
  }

  /** Streams to all members; resolves when it is sent. */
  async stream(stream: SinkStream): Promise<void> {
    const done = nextEvent(this.#child);
    this.#child.send(stream);
    await done;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

async function nextEvent(child: ChildProcess): Promise<SinkEvent> {
  return await new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(
        new TouchlineError('TL_WORKER_FAILED', `expected the calibration sink to run; it ended with ${code}`),
      );
    child.once('exit', ended);
    child.once('message', (event) => {
      child.off('exit', ended);
      // The child is this package's own sink, which sends nothing but SinkEvent.
      resolve(event as SinkEvent);
    });
  });
}
