/** Entry of the broadcast server's process, forked by the bench. It lives as long as the channel to its parent. */

import { BroadcastServer } from './broadcast-server.ts';
import type { ServerCommand, ServerEvent } from './server-messages.ts';

function send(event: ServerEvent): void {
  process.send?.(event, undefined, undefined, () => undefined);
}

const server = new BroadcastServer();
// IPC delivers what the parent, this package's own bench, sent.
process.on('message', (command: ServerCommand) => {
  void server.carryOut(command).then(send);
});
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());
send({ type: 'listening', port: await server.listen() });
