/**
 * How fast the hub fills its rooms: the real server, whose connections are dealt out to rooms, and a publisher in the same
 * process that broadcasts so many messages a turn, as fast as the turns go. Started as a peer of `npm run bench:peers`,
 * whose contract is load-tests/peers/README.md. Entry file.
 */

import { parseArgs } from 'node:util';
import { defaultSettings } from '../config.ts';
import { createCore } from '../core.ts';
import { ENGINES, type EngineName } from '../protocol/engine-names.ts';
import { FAN_OUT_MODES, type FanOutMode } from '../protocol/fan-out-modes.ts';
import { closePublicPort, createPublicPort, listenPublicly } from '../public-port.ts';
import { RoomFlood } from './room-flood.ts';

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '1' },
    format: { type: 'string', default: 'json' },
    'per-turn': { type: 'string', default: '200' },
    rate: { type: 'string', default: '0' },
    limit: { type: 'string', default: '0' },
    rooms: { type: 'string', default: '1' },
    'fan-out': { type: 'string', default: 'coalesced' },
    engine: { type: 'string', default: 'ws' },
  },
});
const fanOut = FAN_OUT_MODES.find((mode) => mode === values['fan-out']);
const engine = ENGINES.find((name) => name === values.engine);

if (values.format !== 'json') refuse('A room carries texts: there is no binary room.');
else if (fanOut === undefined) refuse(`expected --fan-out ${FAN_OUT_MODES.join(', ')}`);
else if (engine === undefined) refuse(`expected --engine ${ENGINES.join(', ')}`);
else await run(fanOut, engine);

async function run(mode: FanOutMode, name: EngineName): Promise<void> {
  const settings = { ...defaultSettings(), PORT: 0, FAN_OUT: mode, ENGINE: name };
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
    rooms: Number(values.rooms),
  });
  flood.start();
  say({
    type: 'listening',
    port,
    path: '/ws',
    pid: process.pid,
    version: `touchline rooms, ${mode}, ${name}`,
  });
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
