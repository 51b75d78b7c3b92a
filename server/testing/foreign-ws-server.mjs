/**
 * A `ws` server that is none of ours, as its author wrote it, and one line for touchline. A message is a command:
 * `echo TEXT`, `all TEXT` (to everybody), `ping`, `close CODE`, `flood COUNT` (so many MiB to whoever asks).
 * Entry file: forked by instrument.e2e.test.ts, tells its port.
 */
import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { instrument } from 'touchline/instrument';
import { WebSocketServer } from 'ws';

const MEBIBYTE = Buffer.alloc(1_048_576);
const register = new Registry();
collectDefaultMetrics({ register });
const http = createServer(async (_request, response) => {
  response.setHeader('content-type', register.contentType);
  response.end(await register.metrics());
});
const wss = new WebSocketServer({ server: http, path: '/feed' });
const instrumented = instrument(wss, { register, closeCodes: [4001] });
const commands = {
  echo: (socket, text) => socket.send(text),
  all: (_socket, text) => {
    for (const client of wss.clients) client.send(text);
  },
  ping: (socket) => socket.ping(),
  close: (socket, code) => socket.close(Number(code)),
  flood: (socket, count) => {
    for (let sent = 0; sent < Number(count); sent += 1) socket.send(MEBIBYTE);
  },
  stop: () => instrumented.stop(),
};
wss.on('connection', (socket) => {
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const [command, ...rest] = data.toString().split(' ');
    commands[command]?.(socket, rest.join(' '));
  });
});
http.listen(0, '127.0.0.1', () => process.send?.({ port: http.address().port }));
process.once('disconnect', () => process.exit());
