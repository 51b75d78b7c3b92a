/** HTTP loads against servers whose answers are known, and what is relied on of autocannon: on dist/. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import type { HttpLoadPlan } from './http/http-plan.ts';
import type { HttpLoadResult } from './http/http-result.ts';

const DELAY_MS = 50;
const SILENT = { phase: () => undefined, progress: () => undefined };

let server: Server;
let answer: RequestListener;
let asked: number;
let coordinator: LoadCoordinator;

beforeEach(async () => {
  asked = 0;
  answer = (_, response) => setTimeout(() => response.end('late'), DELAY_MS);
  server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeAll(async () => {
  coordinator = await LoadCoordinator.start({ workers: 1 });
});
afterAll(() => coordinator.stop());

const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function fire(changes: Partial<HttpLoadPlan> = {}): Promise<HttpLoadResult> {
  return coordinator.http(
    {
      target: changes.target ?? { httpUrl: origin() },
      request: { method: 'GET', path: '/', body: null, withToken: false },
      connections: 5,
      warmUpMs: 200,
      measureMs: 800,
      timeoutMs: 1_000,
      ...changes,
    },
    SILENT,
  );
}

describe('against a server whose answers are known', () => {
  it('a delay of 50 ms is 50 ms, and each request that the server saw has its answer', async () => {
    const result = await fire();
    expect(result.state).toBe('completed');
    expect(result.sent).toBe(asked);
    expect(result.statuses).toEqual([{ status: 200, count: asked, sample: null }]);
    expect(result).toMatchObject({ failures: [], undetermined: 0, givenUp: 0 });
    expect(result.autocannon).toMatchObject({ '2xx': asked, non2xx: 0, errors: 0, timeouts: 0 });
    const latency = decodeHistogram(result.window.firstHalf);
    latency.merge(decodeHistogram(result.window.secondHalf));
    expect(latency.count).toBe(result.window.answers);
    // A timer of Node may fire up to a millisecond early; a median bears the machine's own noise.
    expect(latency.quantileMs(0)).toBeGreaterThanOrEqual(DELAY_MS - 1);
    expect(latency.quantileMs(0.5)).toBeLessThan(2 * DELAY_MS);
  });

  it('answers of 500, cut connections and requests without an answer are told as many as there were', async () => {
    let failing = 0;
    let cut = 0;
    let silent = 0;
    answer = ({ socket }, response) => {
      const number = asked;
      if (number % 110 === 0) silent += 1;
      else if (number % 70 === 0) {
        cut += 1;
        socket.destroy();
      } else if (number % 10 === 0) {
        failing += 1;
        response.writeHead(500).end('{"why":"on purpose"}');
      } else setTimeout(() => response.end('ok'), 2);
    };
    const result = await fire();
    const failures = Object.fromEntries(result.failures.map(({ reason, count }) => [reason, count]));
    const { timeout = 0, ...others } = failures;
    expect(result.statuses[1]).toEqual({ status: 500, count: failing, sample: '{"why":"on purpose"}' });
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(cut);
    expect(timeout).toBe(silent);
    expect([failing > 0, cut > 0, silent > 0]).toEqual([true, true, true]);
    const answers = result.statuses.reduce((sum, { count }) => sum + count, 0);
    expect(answers + cut + silent).toBe(asked);
    expect(result.sent).toBe(asked);
  });

  it('takes a server that ends the connection behind each answer', async () => {
    answer = (_, response) => response.writeHead(200, { connection: 'close' }).end('once');
    const result = await fire();
    expect(result).toMatchObject({ state: 'completed', failures: [], givenUp: 0 });
    expect(result.statuses).toEqual([{ status: 200, count: asked, sample: null }]);
  });

  it('gives up soon where nobody listens, and knocks only so often', async () => {
    const closed = origin();
    await new Promise((resolve) => server.close(resolve));
    const result = await fire({ target: { httpUrl: closed }, warmUpMs: 0, measureMs: 30_000 });
    expect(result).toMatchObject({ state: 'lost-target', givenUp: 5, statuses: [] });
    expect(result.failures).toEqual([{ reason: 'ECONNREFUSED', count: 50 }]);
    expect(result.measureAchievedMs).toBeLessThan(20_000);
    server.listen(0, '127.0.0.1');
  });
});

describe('autocannon itself', () => {
  it('still corrects the latencies of its -R as if a request had been due every millisecond, so it is not used', async () => {
    const asAsked = { url: origin(), connections: 5, overallRate: 50, duration: 1 };
    const corrected = await autocannon(asAsked);
    const plain = await autocannon({ ...asAsked, ignoreCoordinatedOmission: true });
    expect(plain.latency.p50).toBeGreaterThanOrEqual(DELAY_MS - 1);
    // More latencies than answers, and shorter than any answer took.
    expect(latencies(corrected)).toBeGreaterThan(5 * corrected['2xx']);
    expect(corrected.latency.p2_5).toBeLessThan(DELAY_MS / 2);
    expect(latencies(plain)).toBe(plain['2xx']);
  });
});

/** How many latencies it recorded; its types leave that out. */
function latencies({ latency }: autocannon.Result): unknown {
  return Reflect.get(latency, 'totalCount');
}
