/**
 * What `touchline/instrument` takes of a broadcast: three bare `ws` servers in one process, one of them instrumented, send
 * the same text to as many clients, turn by turn. CPU of the process is compared within each round, so that other work on
 * the machine bends it little; the third server is as bare as the first and shows how far two equals lie apart.
 * Entry file: `node dist/server/bench/instrument-cost.js [--rounds 60] [--members 100]`.
 */

import { parseArgs } from 'node:util';
import type { InstrumentableRegister } from '../instrument.ts';
import { instrument } from '../instrument.ts';
import { type BenchedServer, cpuOfBroadcasts, reportRatios, startServer } from './fan-out-rounds.ts';

const WARM_UP_ROUNDS = 15;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '60' }, members: { type: 'string', default: '100' } },
});
const [rounds, members] = [Number(values.rounds), Number(values.members)];

/** Takes what it is given: nobody scrapes here. */
const register: InstrumentableRegister = {
  contentType: 'text/plain',
  getSingleMetric: () => undefined,
  registerMetric: () => undefined,
  removeSingleMetric: () => undefined,
};
const bare = await startServer(members);
const instrumented = await startServer(members, ({ wss }) => instrument(wss, { register }));
const alsoBare = await startServer(members);
const order = [bare, instrumented, alsoBare];

const ratios: { readonly cost: number; readonly control: number }[] = [];
for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
  const cpu = new Map<BenchedServer, number>();
  // Each begins as often as the others, so that none has the warmer caches.
  for (let turn = 0; turn < order.length; turn += 1) {
    const server = order[(turn + round) % order.length] as BenchedServer;
    cpu.set(server, await cpuOfBroadcasts(server));
  }
  const of = (server: BenchedServer) => cpu.get(server) ?? Number.NaN;
  if (round >= WARM_UP_ROUNDS) {
    ratios.push({ cost: of(instrumented) / of(bare), control: of(alsoBare) / of(bare) });
  }
}
reportRatios(
  'instrumented ÷ bare',
  ratios.map(({ cost }) => cost),
);
reportRatios(
  'bare ÷ bare (control)',
  ratios.map(({ control }) => control),
);
for (const server of order) server.stop();
