/**
 * How fast the hub fills a room: the real server, whose connections are all put into one room, and a publisher in the same
 * process that broadcasts so many messages a turn, as fast as the turns go. Started as a peer of `npm run bench:peers`,
 * whose contract is load-tests/peers/README.md. Entry file.
 */

import { parseArgs } from 'node:util';
import { defaultSettings } from '../config.ts';
import { createCore } from '../core.ts';
import { FAN_OUT_MODES } from '../protocol/fan-out-modes.ts';
import { closePublicPort, createPublicPort, listenPublicly } from '../public-port.ts';
import { RoomFlood } from './room-flood.ts';

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '1' },
    format: { type: 'string', default: 'json' },
    'per-turn': { type: 'string', default: '200' },
    rate: { type: 'string', default: '0' },
    limit: { type: 'string', default: '0' },
    'fan-out': { type: 'string', default: 'coalesced' },
  },
});
const fanOut = FAN_OUT_MODES.find((mode) => mode === values['fan-out']);

if (values.format !== 'json') refuse('A room carries texts: there is no binary room.');
else if (fanOut === undefined) refuse(`expected --fan-out ${FAN_OUT_MODES.join(', ')}`);
else await run(fanOut);

async function run(mode: (typeof FAN_OUT_MODES)[number]): Promise<void> {
  const settings = { ...defaultSettings(), PORT: 0, FAN_OUT: mode };
  const config = { settings, tls: null, faults: [] };
  const options = { adminToken: 'bench', onDefect: (error: unknown) => console.error(error) };
  const core = createCore(config, options);
  const publicPort = createPublicPort(config, core, options);
  const port = await listenPublicly(publicPort, settings);
  const flood = new RoomFlood(core.hub, {
    members: Number(values.readers),
    perTurn: Number(values['per-turn']),
    ratePerSecond: Number(values.rate),
    limit: Number(values.limit),
  });
  flood.start();
  say({ type: 'listening', port, path: '/ws', pid: process.pid, version: `touchline rooms, ${mode}` });
  const stop = async () => {
    flood.stop();
    for (const { socket } of core.hub.connections()) socket.terminate();
    await closePublicPort(publicPort);
    core.stop();
    process.stdin.destroy();
  };
  process.once('SIGTERM', stop);
  process.on('SIGINT', () => undefined);
  process.stdin.once('end', stop).resume();
}

function refuse(reason: string): void {
  say({ type: 'unavailable', reason });
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
