/** How many series a server makes of whatever its clients send it, and what Prometheus' own linter says of them. */

import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { promtoolComplaints } from '../testing/check-metrics.ts';
import { ServerProcess } from '../testing/server-process.ts';

/**
 * An idle server has about 285, of which 52 are GC pauses and 19 each of the two other time histograms; this load makes it 372,
 * because each of the HTTP routes adds 19 for its duration and one for each status. The rest is room for statuses and for
 * a few metrics to come: a run of an hour at 1 s is then under two million samples, a few MB on the disk.
 */
const SERIES_BUDGET = 500;
const MARK = 'marked-by-the-client';
const ROOMS = 30;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.kill());

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

async function metricsText(): Promise<string> {
  return (await fetch(`${server.urls.adminUrl}/metrics`, { headers: { connection: 'close' } })).text();
}

/** A client of its own, closed with a code of its own. */
async function visit(index: number): Promise<void> {
  const socket = new WebSocket(server.urls.wsUrl);
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'subscribe', matchId: 1_000 + index, clientId: `${MARK}-${index}` });
  send({ type: `${MARK}-${index}` });
  socket.send(`${MARK}-${index}`);
  socket.close(3_000 + index, `${MARK}-${index}`);
  await once(socket, 'close');
}

/** All the routes there are but /readyz, whose status goes by how busy the machine is, and some that are not. */
async function ask(index: number): Promise<void> {
  const { httpUrl } = server.urls;
  const paths = [
    '/',
    '/livez',
    '/readyz',
    '/stats',
    '/ws',
    '/ticks',
    `/${MARK}-${index}`,
    `/matches/${MARK}-${index}`,
  ];
  for (const path of paths) await (await fetch(`${httpUrl}${path}`)).arrayBuffer();
  for (const method of ['PUT', 'DELETE'])
    await (await fetch(`${httpUrl}/livez?${MARK}`, { method })).arrayBuffer();
  await server.publish(1_000 + index, MARK);
}

describe('the series of /metrics', () => {
  it('stay within the budget, and none is named by a room, a client or a code that a client chose', async () => {
    const idle = seriesOf(await metricsText());
    for (let index = 0; index < ROOMS; index += 1) await visit(index);
    for (let index = 0; index < 3; index += 1) await ask(index);
    const early = seriesOf(await metricsText());
    for (let index = 3; index < ROOMS; index += 1) await ask(index);
    const text = await metricsText();
    const late = seriesOf(text);
    expect(idle.length).toBeGreaterThan(200);
    expect(late.length).toBeLessThan(SERIES_BUDGET);
    // Ten times as many rooms and paths make no series more.
    const names = (series: readonly string[]) =>
      series
        .map((line) => line.slice(0, line.lastIndexOf(' ')))
        .filter((name) => !isRuntime(name))
        .sort();
    expect(names(late)).toEqual(names(early));
    expect(text).not.toContain(MARK);
    expect(text).not.toMatch(/code="3\d\d\d"/);
  });

  it('are to the liking of promtool', async () => {
    expect(promtoolComplaints(await metricsText())).toBe('');
  });
});

/** Kinds of handles come and go with what the runtime does at the moment; there are about a dozen. */
function isRuntime(name: string): boolean {
  return name.startsWith('nodejs_active_resources');
}
