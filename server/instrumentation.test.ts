/** `INSTRUMENTATION`: what is observed while it is on is left out, not zero, while it is off; what is counted stays. */

import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/start-test-server.ts';
import { TestClient } from './testing/test-client.ts';

const OBSERVED = [
  'touchline_loop_delay_seconds_count',
  'nodejs_gc_duration_seconds_count{kind="major"}',
  'touchline_broadcast_duration_seconds_count',
  'touchline_broadcast_recipients_count',
  'touchline_http_requests_total{route="/matches/:matchId/commentary",status="201"}',
  'touchline_http_request_duration_seconds_count{route="/matches/:matchId/commentary"}',
];

let server: TestServer;
afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

/** One client hears one message. @returns the scrape after it */
async function serveOnce(INSTRUMENTATION: 'on' | 'off'): Promise<string> {
  server = await startTestServer({ INSTRUMENTATION });
  const client = await TestClient.connect(server.wsUrl);
  await client.ask({ type: 'subscribe', matchId: 1 });
  const answer = await fetch(`${server.httpUrl}/matches/1/commentary`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"minute":1,"text":"Kick-off."}',
  });
  expect(answer.status).toBe(201);
  await answer.arrayBuffer();
  await client.nextOf('commentary');
  const unread = await fetch(`${server.httpUrl}/nowhere`);
  expect(unread.status).toBe(404);
  await unread.arrayBuffer();
  expect((await fetch(`${server.httpUrl}/readyz`)).status).toBe(200);
  const scraped = await (await fetch(`${server.adminUrl}/metrics`)).text();
  await client.close();
  return scraped;
}

describe.each([
  ['on', OBSERVED.length],
  ['off', 0],
] as const)('INSTRUMENTATION=%s', (instrumentation, observed) => {
  it(`shows ${observed} of the observed series, and counts deliveries all the same`, async () => {
    const lines = (await serveOnce(instrumentation)).split('\n');
    const shown = OBSERVED.filter((series) => lines.some((line) => line.startsWith(`${series} `)));
    expect(shown).toHaveLength(observed);
    for (const line of [
      'touchline_deliveries_total 1',
      'touchline_broadcasts_total 1',
      'touchline_connections 1',
    ]) {
      expect(lines).toContain(line);
    }
    // Figures that cost nothing between scrapes are always there.
    expect(lines.some((line) => line.startsWith('touchline_loop_active_seconds_total '))).toBe(true);
  });
});
