/** From loads to figures of each endpoint; no judgement here. */

import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { HttpEndpointRecord, HttpRecord } from '../../record/http-record.ts';
import { workerHealth } from '../analyse-tier.ts';
import { latencyFigures } from '../latency-figures.ts';
import { compareHalves, halvesOf } from '../steadiness.ts';
import type { WorkerHealth } from '../tier-analysis.ts';
import type { EndpointAnalysis, HttpAnalysis, HttpLimit } from './http-analysis.ts';
import { broadcastCounts, isOk, isTimeout, requestCounts } from './request-counts.ts';

/** A process that uses more of its core than this has nothing left to go faster with. */
const FULL_CORE = 0.9;
/** The generator is not trusted to be fast enough above this, as in every scenario. */
const FULL_GENERATOR = 0.8;

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function analyseHttp(record: HttpRecord): HttpAnalysis {
  return { endpoints: record.endpoints.map((endpoint) => analyseEndpoint(endpoint, record)) };
}

function analyseEndpoint(endpoint: HttpEndpointRecord, record: HttpRecord): EndpointAnalysis {
  const { name, method, path, load, serverWindow, serverSamples, autocannonFile } = endpoint;
  const { window, statuses } = load;
  const seconds = load.measureAchievedMs / 1_000;
  const requestsPerSecond = seconds === 0 ? 0 : window.answers / seconds;
  const workers = load.workers.map((worker) => workerHealth(worker, record));
  const { machineCpuRatio } = load;
  return {
    ...{ name, method, path, autocannonFile, workers, machineCpuRatio, requestsPerSecond },
    state: load.state,
    connections: load.connections,
    measuredMs: load.measureAchievedMs,
    sent: load.sent,
    answers: statuses.reduce((sum, { count }) => sum + count, 0),
    ok: statuses.reduce((sum, { status, count }) => sum + (isOk(status) ? count : 0), 0),
    non2xx: statuses.filter(({ status }) => !isOk(status)),
    failures: load.failures.filter((failure) => !isTimeout(failure)),
    timeouts: load.failures.filter(isTimeout).reduce((sum, { count }) => sum + count, 0),
    undetermined: load.undetermined,
    givenUp: load.givenUp,
    meanBytes: window.answers === 0 ? null : window.bytes / window.answers,
    latency: latencyFigures(bothHalves(window)),
    steadiness: compareHalves(halvesOf(window), 'too few answers to compare the halves', 'answers'),
    seconds: window.seconds,
    server: serverWindow,
    samples: serverSamples,
    cpuMsPerThousand: cpuMsPerThousand(serverWindow.cpuCores, requestsPerSecond),
    counts: requestCounts(endpoint),
    broadcasts: broadcastCounts(endpoint),
    autocannon: load.autocannon,
    limit: limitOf({ serverCores: serverWindow.cpuCores, workers, machineCpuRatio }),
  };
}

function bothHalves({ firstHalf, secondHalf }: HttpEndpointRecord['load']['window']): string {
  const both = decodeHistogram(firstHalf);
  both.merge(decodeHistogram(secondHalf));
  return both.encode();
}

/** Cores are seconds a second, so cores ÷ requests a second are seconds a request. */
function cpuMsPerThousand(cores: number | null, requestsPerSecond: number): number | null {
  return cores === null || requestsPerSecond === 0 ? null : (cores / requestsPerSecond) * 1_000 * 1_000;
}

interface Busy {
  readonly serverCores: number | null;
  readonly workers: readonly WorkerHealth[];
  readonly machineCpuRatio: number | null;
}

/** A server that fills its core is its own limit, however busy the generator is beside it. */
function limitOf({ serverCores, workers, machineCpuRatio }: Busy): HttpLimit {
  if (serverCores !== null && serverCores >= FULL_CORE) return 'server';
  if (workers.some(({ cpuRatio }) => cpuRatio > FULL_GENERATOR)) return 'autocannon';
  if ((machineCpuRatio ?? 0) > FULL_CORE) return 'machine';
  return 'connections';
}
