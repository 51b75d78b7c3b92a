/**
 * The same client for Artillery. Its engine for WebSockets reads an answer only where a step waits for one, so what a
 * server pushes is neither checked nor counted: this function listens for itself. Run by Artillery.
 */

import type { WebSocket } from 'ws';
import { type BenchMessage, MARKED, SequenceCheck, SUBSCRIBE } from './sequence-check.ts';

interface Context {
  readonly ws: WebSocket;
}

interface Events {
  emit(event: 'counter' | 'histogram', name: string, value: number): void;
}

const TIMED = process.env['BENCH_TIMED'] === '1';

/** A step of the scenario: holds the connection until the server says that nothing more comes. */
export function receive(context: Context, events: Events, done: () => void): void {
  const check = new SequenceCheck();
  const { ws } = context;
  ws.on('message', (data) => {
    const text = data.toString();
    const taken = check.take(text);
    if (taken === 'mark') ws.send(MARKED);
    else if (taken === 'end') {
      events.emit('counter', 'bench.received', check.received);
      events.emit('counter', 'bench.lost', check.lost);
      events.emit('counter', 'bench.repeated', check.repeated);
      done();
    } else if (TIMED && taken === 'delivery') {
      const now = Date.now();
      const message: BenchMessage = JSON.parse(text);
      events.emit('histogram', 'bench.from_intended', now - message.data.intendedAt);
      events.emit('histogram', 'bench.from_sent', now - message.data.sentAt);
    }
  });
  ws.send(SUBSCRIBE);
}
