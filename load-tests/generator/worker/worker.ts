/**
 * Entry of a generator process, forked by {@link WorkerProcess} with its role as the first argument.
 * It lives as long as the channel to its parent.
 */

import type { FromWorker, ToWorker } from '../worker-traffic.ts';
import { PublisherSwitch } from './publisher-switch.ts';
import { RunSwitch } from './run-switch.ts';
import { UsageMeter } from './worker-usage.ts';

/** How often the parent hears how things stand. */
const PROGRESS_INTERVAL_MS = 500;

function send(event: FromWorker): void {
  // A parent that is gone can't be told; 'disconnect' ends this process.
  process.send?.(event, undefined, undefined, () => undefined);
}

function fail(error: unknown): void {
  send({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  // Without the channel nothing keeps the parent waiting, and the message above goes out first.
  process.exitCode = 1;
  process.disconnect();
}

const worker = process.argv[2] === 'publisher' ? new PublisherSwitch(send) : new RunSwitch(send);

// IPC delivers what `send` was given: the parent is this package's own coordinator.
process.on('message', (command: ToWorker) => {
  worker.handle(command).catch(fail);
});
process.on('uncaughtException', fail);
// Ctrl-C reaches the whole process group: the parent decides when a worker ends.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());
// A parent that ended while this process was starting is never heard of.
if (!process.connected) process.exit();

const usage = new UsageMeter();
setInterval(() => send({ ...worker.progress(), usage: usage.read() }), PROGRESS_INTERVAL_MS);
send({ type: 'ready' });
