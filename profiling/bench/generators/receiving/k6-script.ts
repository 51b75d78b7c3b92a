/** The same client for k6, fifty of them in a virtual user. Run by k6, which reads the compiled file. */

import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';
import { type BenchMessage, MARKED, SequenceCheck, SUBSCRIBE } from './sequence-check.ts';

const TIMED = __ENV['BENCH_TIMED'] === '1';
const CONNECTIONS = Number(__ENV['BENCH_CONNECTIONS']);
/** Each virtual user has a JavaScript runtime: k6 is at its best, in speed and memory, where many clients share one. */
const CLIENTS_PER_USER = 50;
const USERS = Math.ceil(CONNECTIONS / CLIENTS_PER_USER);

const received = new Counter('bench_received');
const lost = new Counter('bench_lost');
const repeated = new Counter('bench_repeated');
const fromIntended = new Trend('bench_from_intended', true);
const fromSent = new Trend('bench_from_sent', true);

export const options = {
  scenarios: {
    receive: {
      executor: 'per-vu-iterations',
      vus: USERS,
      iterations: 1,
      maxDuration: '30m',
      gracefulStop: '1s',
      exec: 'receive',
    },
  },
  summaryTrendStats: ['p(50)', 'p(99)'],
  // Samples without labels are as cheap as k6 has them.
  systemTags: [],
};

export function receive(): void {
  const clients = Math.floor(CONNECTIONS / USERS) + (exec.vu.idInTest <= CONNECTIONS % USERS ? 1 : 0);
  for (let client = 0; client < clients; client += 1) receiveOne();
}

function receiveOne(): void {
  const check = new SequenceCheck();
  const socket = new WebSocket(__ENV['BENCH_URL'] ?? '');
  socket.onopen = () => socket.send(SUBSCRIBE);
  socket.onmessage = (event) => {
    if (typeof event?.data !== 'string') return;
    const taken = check.take(event.data);
    if (taken === 'mark') socket.send(MARKED);
    else if (taken === 'end') socket.close();
    else if (TIMED && taken === 'delivery') {
      const message: BenchMessage = JSON.parse(event.data);
      // When the bytes were read, before the event loop's queue.
      fromIntended.add(event.timestamp - message.data.intendedAt);
      fromSent.add(event.timestamp - message.data.sentAt);
    }
  };
  socket.onclose = () => {
    received.add(check.received);
    lost.add(check.lost);
    repeated.add(check.repeated);
  };
}

interface Summary {
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
}

/** Called by k6 when all is over; writes the result. */
export function handleSummary({ metrics }: Summary): Readonly<Record<string, string>> {
  const count = (name: string) => metrics[name]?.values['count'] ?? 0;
  const quantiles = (name: string) => {
    const values = metrics[name]?.values;
    return values === undefined ? null : { p50Ms: values['p(50)'] ?? null, p99Ms: values['p(99)'] ?? null };
  };
  const result = {
    received: count('bench_received'),
    lost: count('bench_lost'),
    repeated: count('bench_repeated'),
    fromIntended: quantiles('bench_from_intended'),
    fromSent: quantiles('bench_from_sent'),
  };
  return { [__ENV['BENCH_RESULT'] ?? 'result.json']: JSON.stringify(result) };
}
