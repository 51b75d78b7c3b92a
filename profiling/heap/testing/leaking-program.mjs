/**
 * A small HTTP program with leaks of every kind: `node leaking-program.mjs FOLDER EVERY`.
 * Each EVERY-th request leaks (1 all, 100 one in a hundred, 0 none).
 */
import { EventEmitter } from 'node:events';
import { listen } from './snapshot-endpoint.mjs';

const BUFFER_BYTES = 20_000;
const TIMER_MS = 3_600_000;
const DELAYS = 20;

const [, , folder = '.', everyText = '0'] = process.argv;
const every = Number(everyText);

class ClientSession {
  constructor(id) {
    this.id = id;
    this.openedAt = { hours: id % 24, minutes: id % 60 };
  }
}

class Registry {
  sessions = new Map();

  open(id) {
    const session = new ClientSession(id);
    this.sessions.set(`session ${id}`, session);
    return session;
  }

  close(id) {
    this.sessions.delete(`session ${id}`);
  }
}

const registry = new Registry();
const prices = new EventEmitter().setMaxListeners(0);
const undelivered = [];
const uploads = [];
const neverClosed = new Set();
const seenIds = new Set();
const delays = [];
const LATEST = 200;
const latest = [];
let served = 0;

const server = listen(folder, (request, response) => {
  served += 1;
  const leaks = every > 0 && served % every === 0;
  const id = served;
  const session = registry.open(id);
  function onPrice() {
    return session.id;
  }
  prices.on('price', onPrice);
  prices.once('closing', function onClosing() {
    return id;
  });
  const beat = setInterval(function sendPresence() {
    return id;
  }, TIMER_MS);
  beat.unref();
  undelivered.push(() => id);
  uploads.push(Buffer.alloc(BUFFER_BYTES));
  neverClosed.add(request.socket);
  seenIds.add(`request ${id} of ${request.socket.remotePort}`);
  // Numbers that are no small integers, so that V8 keeps them in place.
  for (let delay = 0; delay < DELAYS; delay += 1) delays.push(id + delay / DELAYS);
  latest.push(`request ${id}`);
  if (latest.length > LATEST) latest.shift();
  if (!leaks) {
    registry.close(id);
    prices.off('price', onPrice);
    prices.removeAllListeners('closing');
    clearInterval(beat);
    undelivered.pop();
    uploads.pop();
    neverClosed.delete(request.socket);
    seenIds.clear();
    delays.length = 0;
  }
  response.setHeader('connection', 'close');
  response.end('served');
});
server.on('close', () => prices.emit('price'));
