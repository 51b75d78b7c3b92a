/** A load script as people write it by hand: `ws`, Date.now(), an array that is sorted at the end. Entry file. */

import { writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { Quantiles } from '../server/server-messages.ts';
import { planOf } from './receive-plan.ts';
import { type BenchMessage, MARKED, SequenceCheck, SUBSCRIBE } from './sequence-check.ts';

/** Handshakes under way at a time. */
const IN_FLIGHT = 100;

const plan = planOf(process.env);
const checks: SequenceCheck[] = [];
const fromIntended: number[] = [];
const fromSent: number[] = [];
let started = 0;
let ended = 0;

function connect(): void {
  if (started === plan.connections) return;
  started += 1;
  const check = new SequenceCheck();
  checks.push(check);
  const socket = new WebSocket(plan.wsUrl, { perMessageDeflate: false });
  socket.on('open', () => {
    socket.send(SUBSCRIBE);
    connect();
  });
  socket.on('message', (data) => {
    const text = data.toString();
    const taken = check.take(text);
    if (taken === 'mark') socket.send(MARKED);
    else if (taken === 'end') socket.close();
    else if (plan.timed && taken === 'delivery') {
      const now = Date.now();
      const message: BenchMessage = JSON.parse(text);
      fromIntended.push(now - message.data.intendedAt);
      fromSent.push(now - message.data.sentAt);
    }
  });
  socket.on('close', finish);
}

function finish(): void {
  ended += 1;
  if (ended < plan.connections) return;
  const total = (of: (check: SequenceCheck) => number) => checks.reduce((sum, check) => sum + of(check), 0);
  const result = {
    received: total(({ received }) => received),
    lost: total(({ lost }) => lost),
    repeated: total(({ repeated }) => repeated),
    fromIntended: plan.timed ? quantiles(fromIntended) : null,
    fromSent: plan.timed ? quantiles(fromSent) : null,
  };
  writeFileSync(plan.resultFile, JSON.stringify(result));
}

function quantiles(values: number[]): Quantiles {
  values.sort((a, b) => a - b);
  const at = (q: number) => values[Math.floor(values.length * q)] ?? null;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

for (let index = 0; index < IN_FLIGHT; index += 1) connect();
