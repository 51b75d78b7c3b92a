/**
 * A plain `ws` client that times deliveries in its own way, for a test to compare with the generator's figures:
 * JSON.parse, hrtime as a bigint, a list of numbers. It shares no code with the generator, on purpose.
 *
 *     node independent-observer.mjs <wsUrl> <matchId>     over IPC: "subscribed"; asked anything: [[seq, ms], …]
 */

import { WebSocket } from 'ws';

const [wsUrl, matchId] = process.argv.slice(2);
const seen = [];
const socket = new WebSocket(wsUrl);

socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', matchId: Number(matchId) })));
socket.on('message', (data) => {
  const nowNs = process.hrtime.bigint();
  const message = JSON.parse(data);
  if (message.type === 'subscribed') process.send('subscribed');
  if (message.type !== 'commentary') return;
  const [mark, , , seq, intendedNs] = message.data.text.split(' ')[0].split(':');
  if (mark === 'tl1') seen.push([Number(seq), Number(nowNs - BigInt(intendedNs)) / 1e6]);
});
process.on('message', () => process.send(seen));
process.once('disconnect', () => process.exit());
