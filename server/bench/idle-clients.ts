/**
 * Holds WebSocket connections that say nothing, in a process of its own: the descriptors of the server stay its own.
 * Entry file, forked with a port and a number; tells its parent when all are open and ends with it.
 */

import { connect, type Socket } from 'node:net';

const [, , port = '', count = '0'] = process.argv;
/** So many handshakes at a time: more would only wait in the backlog of the server. */
const AT_A_TIME = 100;
const HANDSHAKE = [
  'GET /ws HTTP/1.1',
  `Host: 127.0.0.1:${port}`,
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

const sockets: Socket[] = [];
process.once('disconnect', () => process.exit());
for (let left = Number(count); left > 0; left -= AT_A_TIME) {
  sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_A_TIME, left) }, openOne))));
}
process.send?.({ type: 'open', count: sockets.length });

function openOne(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.0.2' });
    socket.once('error', reject);
    socket.once('data', (answer) => {
      if (answer.toString('latin1').startsWith('HTTP/1.1 101')) resolve(socket.resume());
      else reject(new Error(`expected 101; received ${answer.toString('latin1').slice(0, 200)}`));
    });
    socket.once('connect', () => socket.write(HANDSHAKE));
  });
}
