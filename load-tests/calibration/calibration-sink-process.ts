/** Entry of the sink's process, forked by {@link startSink}. It lives as long as the channel to its parent. */

import { CalibrationSink } from './calibration-sink.ts';
import type { SinkCommand, SinkEvent } from './sink-messages.ts';

function send(event: SinkEvent): void {
  process.send?.(event, undefined, undefined, () => undefined);
}

const sink = new CalibrationSink();
// IPC delivers what the parent, this package's own calibrate, sent.
process.on('message', (command: SinkCommand) => {
  void sink.stream(command).then(() => send({ type: 'streamed' }));
});
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());
send({ type: 'listening', port: await sink.listen() });
