/**
 * touchline's own generator on the same work: a real worker process with its full ledger and histograms, driven by the
 * commands of a tier. What the parent would do at the edges comes in by lines on stdin. Entry file.
 */

import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  decodeHistogram,
  type LatencyHistogram,
} from '../../../../load-tests/generator/latency/latency-histogram.ts';
import { roomOffsetOf, settleByOffset } from '../../../../load-tests/generator/ledger/settle-ledger.ts';
import type { LoadPlan } from '../../../../load-tests/generator/load-plan.ts';
import { monotonicUs } from '../../../../load-tests/generator/monotonic-clock.ts';
import type { SubscriberReport } from '../../../../load-tests/generator/worker-messages.ts';
import { WorkerProcess } from '../../../../load-tests/generator/worker-process.ts';
import { latencyQuantiles } from '../latency-quantiles.ts';
import type { GeneratorResult } from './generator-result.ts';
import { planOf, type ReceivePlan } from './receive-plan.ts';

/** Longer than any stream of the bench. */
const WINDOW_US = 30e6;
const ANSWER_TIMEOUT_MS = 60_000;

const plan = planOf(process.env);
const worker = new WorkerProcess(0, 'subscribers');
await worker.next('ready');
await worker.ask(
  {
    type: 'prepare',
    plan: loadPlan(plan),
    clients: plan.connections,
    slowReaders: 0,
    publisher: 0,
    sourceAddresses: [],
  },
  'prepared',
);
await worker.ask({ type: 'connect' }, 'connected');
await worker.ask({ type: 'join', timeoutMs: ANSWER_TIMEOUT_MS }, 'joined');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'load') load();
  else if (line === 'fence') await fence();
  else if (line === 'end') break;
}
await finish();

function load(): void {
  const startUs = monotonicUs();
  worker.tell({
    type: 'load',
    window: { startUs, measureStartUs: startUs, measureEndUs: startUs + WINDOW_US },
  });
}

/** A ping to each client, whose answer comes behind everything that was sent before. */
async function fence(): Promise<void> {
  await worker.ask({ type: 'ping', perClient: 1, timeoutMs: ANSWER_TIMEOUT_MS }, 'pinged');
  process.stdout.write('fenced\n');
}

async function finish(): Promise<void> {
  await worker.ask({ type: 'leave', timeoutMs: ANSWER_TIMEOUT_MS }, 'left');
  const { subscribers } = await worker.ask({ type: 'report', unconfirmedSeqs: [] }, 'reported');
  if (subscribers !== null) writeFileSync(plan.resultFile, JSON.stringify(resultOf(subscribers)));
  await worker.ask({ type: 'close', timeoutMs: ANSWER_TIMEOUT_MS }, 'closed');
  await worker.stop();
  process.stdin.destroy();
}

function resultOf({ books, latency }: SubscriberReport): GeneratorResult {
  const { received, lost, duplicated } = settleByOffset([books], roomOffsetOf([books]));
  const quantiles = (...encoded: readonly string[]) =>
    latencyQuantiles(encoded.map(decodeHistogram).reduce(merged));
  return {
    received,
    lost,
    repeated: duplicated,
    fromIntended: latency === null ? null : quantiles(latency.firstHalf, latency.secondHalf),
    fromSent: latency === null ? null : quantiles(latency.service),
  };
}

function merged(all: LatencyHistogram, each: LatencyHistogram): LatencyHistogram {
  all.merge(each);
  return all;
}

function loadPlan({ wsUrl, connections, runId }: ReceivePlan): LoadPlan {
  return {
    runId,
    seed: 1,
    target: { wsUrl, httpUrl: wsUrl.replace(/^ws/, 'http') },
    workload: 'matches',
    matchId: 1,
    client: 'lean',
    connections,
    broadcastsPerSecond: 1,
    arrival: 'uniform',
    textLength: 96,
    warmUpMs: 0,
    measureMs: WINDOW_US / 1_000,
    connectTimeoutMs: ANSWER_TIMEOUT_MS,
    connectsInFlight: 100,
    drainTimeoutMs: ANSWER_TIMEOUT_MS,
  };
}
