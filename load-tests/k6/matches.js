/**
 * Matches, driven by k6: clients that watch a match, and commentary that is published to it at a fixed rate.
 * Every delivery carries its offset, so a gap is a lost message; one that is lost after all others leaves no gap, and is not seen.
 *
 *   k6 run -e URL=ws://127.0.0.1:8000/ws load-tests/k6/matches.js
 *
 * URL, HTTP_URL, API_TOKEN, MATCH_ID, CLIENTS, RATE (broadcasts a second) and DURATION are read from the environment.
 */

import { check } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';

const URL = __ENV.URL || 'ws://127.0.0.1:8000/ws';
const HTTP_URL = __ENV.HTTP_URL || URL.replace(/^ws/, 'http').replace(/\/ws.*$/, '');
const API_TOKEN = __ENV.API_TOKEN || '';
const MATCH_ID = Number(__ENV.MATCH_ID || 1);
const CLIENTS = Number(__ENV.CLIENTS || 50);
const RATE = Number(__ENV.RATE || 10);
const DURATION_SECONDS = Number((__ENV.DURATION || '30').replace(/s$/, ''));
/** Clients join one after the other for this long; publishing begins when they are up. */
const JOIN_SECONDS = 2;
/** What is under way when publishing ends has this long to arrive. */
const DRAIN_SECONDS = 2;

const deliveries = new Counter('touchline_deliveries');
const lost = new Counter('touchline_deliveries_lost');
const disordered = new Counter('touchline_deliveries_out_of_order');
const subscribed = new Rate('touchline_subscribed');
const subscribeDuration = new Trend('touchline_subscribe_duration', true);
/** From the time the server took the message (its Unix time in ms) until the client had it. */
const deliveryLatency = new Trend('touchline_delivery_latency', true);

export const options = {
  scenarios: {
    watch: {
      executor: 'per-vu-iterations',
      vus: CLIENTS,
      iterations: 1,
      maxDuration: `${JOIN_SECONDS + DURATION_SECONDS + 2 * DRAIN_SECONDS + 10}s`,
      exec: 'watch',
    },
    publish: {
      executor: 'constant-arrival-rate',
      startTime: `${JOIN_SECONDS}s`,
      duration: `${DURATION_SECONDS}s`,
      rate: RATE,
      timeUnit: '1s',
      preAllocatedVUs: 5,
      maxVUs: 50,
      exec: 'publish',
    },
  },
  thresholds: {
    touchline_subscribed: ['rate==1'],
    touchline_deliveries: ['count>0'],
    touchline_deliveries_lost: ['count==0'],
    touchline_deliveries_out_of_order: ['count==0'],
    touchline_delivery_latency: ['p(95)<50', 'p(99)<50'],
    checks: ['rate==1'],
  },
  // Without url: it names the match, and a label for each would make too many series.
  systemTags: ['scenario', 'name', 'method', 'status', 'check', 'error_code', 'expected_response'],
  summaryTrendStats: ['min', 'p(50)', 'p(95)', 'p(99)', 'max'],
};

/** One client: subscribes, counts what it gets, leaves when publishing has ended. */
export function watch() {
  // Clients of one address join within JOIN_SECONDS, not in one burst.
  setTimeout(join, (JOIN_SECONDS * 500 * (__VU % CLIENTS)) / CLIENTS);
}

function join() {
  const socket = new WebSocket(URL);
  const state = { subscribedAt: 0, askedAt: 0, offset: undefined };
  socket.onopen = () => {
    state.askedAt = Date.now();
    socket.send(JSON.stringify({ type: 'subscribe', matchId: MATCH_ID }));
    setTimeout(() => socket.close(), (JOIN_SECONDS + DURATION_SECONDS + DRAIN_SECONDS) * 1_000);
  };
  socket.onmessage = (message) => receive(JSON.parse(message.data), state);
  socket.onclose = () => {
    if (state.offset === undefined) subscribed.add(false);
  };
}

function receive(event, state) {
  if (event.type === 'subscribed') {
    state.offset = event.offset;
    subscribed.add(true);
    // A counter that was never added to is not sent; these shall show 0.
    lost.add(0);
    disordered.add(0);
    subscribeDuration.add(Date.now() - state.askedAt);
  } else if (event.type === 'commentary') {
    const missed = event.offset - state.offset - 1;
    if (missed > 0) lost.add(missed);
    if (missed < 0) disordered.add(1);
    state.offset = Math.max(state.offset, event.offset);
    deliveries.add(1);
    deliveryLatency.add(Math.max(0, Date.now() - event.data.createdAt));
  }
}

/** One broadcast. */
export function publish() {
  const headers = { 'Content-Type': 'application/json' };
  if (API_TOKEN !== '') headers.Authorization = `Bearer ${API_TOKEN}`;
  const body = JSON.stringify({ minute: 45, text: 'A shot from outside the box, just wide.' });
  const answer = http.post(`${HTTP_URL}/matches/${MATCH_ID}/commentary`, body, {
    headers,
    tags: { name: 'POST commentary' },
  });
  check(answer, { 'the commentary was accepted': ({ status }) => status === 201 });
}
