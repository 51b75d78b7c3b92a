import { describe, expect, it } from 'vitest';
import { CLOSE, OTHER_CLOSE_CODE } from '../protocol/close-codes.ts';
import { createFakeHubCounters, createFakeSources, fakeConnection } from '../testing/fake-metric-sources.ts';
import { createEventLoopMonitor } from './event-loop.ts';
import { createGcMonitor } from './gc.ts';
import { METRIC_CATALOGUE, type MetricDefinition } from './metric-catalogue.ts';
import type { MetricSources } from './metric-sources.ts';
import { createMetrics } from './metrics.ts';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';

function metricsOf(sources: MetricSources, now = () => 0) {
  const loop = createEventLoopMonitor({ now });
  return createMetrics({
    sources,
    loop,
    gc: createGcMonitor(),
    version: '0.1.0',
    instrumentation: { isOn: true },
    now,
  });
}

/** Every family has something to show. */
function busySources(): MetricSources {
  const hubCounters = createFakeHubCounters();
  hubCounters.opened = 3;
  hubCounters.countClose(CLOSE.slowConsumer.code);
  hubCounters.countClose(4999);
  hubCounters.countClose(OTHER_CLOSE_CODE);
  hubCounters.deliveries = 12_345;
  for (const recipients of [0, 7, 60_000]) hubCounters.broadcastRecipients.observe(recipients);
  return createFakeSources({
    hubCounters,
    connectionCount: () => 2,
    connections: () => [
      fakeConnection({ bufferedBytes: 100, bufferedAgeMs: 250 }),
      fakeConnection({ bufferedBytes: 40, bufferedAgeMs: 1_500 }),
      fakeConnection(),
    ],
    transport: () => ({
      upgradesRefusedByReason: { origin: 2 },
      heartbeatPings: 5,
      heartbeatsMissed: 1,
      wireSentBytes: 1_000,
      wireReceivedBytes: 500,
      droppedByEngine: 0,
    }),
    faults: () => ({ active: { 'slow-loop': 100 }, injections: { 'slow-loop': 4 }, droppedDeliveries: 0 }),
  });
}

async function scrapeText(sources: MetricSources, accept?: string): Promise<string> {
  const metrics = metricsOf(sources);
  metrics.observeHttpRequest('/livez', 200, 0.001);
  return (await metrics.scrape(accept)).body;
}

const samplesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const typesOf = (text: string) =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));

/** The name of the metric a sample line belongs to. */
function metricNameOf(line: string): string {
  const series = /^[a-z0-9_]+/.exec(line)?.[0] ?? '';
  const family = series.replace(/_(bucket|sum|count)$/, '');
  return family in METRIC_CATALOGUE ? family : series;
}

describe('a scrape and the catalogue', () => {
  it('agree in names, types and help, classic text', async () => {
    const text = await scrapeText(busySources());
    expect(typesOf(text)).toEqual(
      new Map(Object.entries<MetricDefinition>(METRIC_CATALOGUE).map(([name, { type }]) => [name, type])),
    );
    expect(new Set(samplesOf(text).map(metricNameOf))).toEqual(new Set(Object.keys(METRIC_CATALOGUE)));
    for (const [name, { help }] of Object.entries<MetricDefinition>(METRIC_CATALOGUE)) {
      expect(text).toContain(`# HELP ${name} ${help}\n`);
    }
  });

  it('agree in OpenMetrics, where a counter family goes without _total and its samples with it', async () => {
    const text = await scrapeText(busySources(), OPENMETRICS);
    const families = Object.entries<MetricDefinition>(METRIC_CATALOGUE).map(
      ([name, { type }]) => [type === 'counter' ? name.replace(/_total$/, '') : name, type] as const,
    );
    expect(typesOf(text)).toEqual(new Map(families));
    expect(new Set(samplesOf(text).map(metricNameOf))).toEqual(new Set(Object.keys(METRIC_CATALOGUE)));
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  it('agree in labels', async () => {
    for (const line of samplesOf(await scrapeText(busySources()))) {
      const labels = [...line.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label);
      const definition = METRIC_CATALOGUE[metricNameOf(line) as keyof typeof METRIC_CATALOGUE];
      expect(labels.filter((label) => label !== 'le').sort()).toEqual([...definition.labels].sort());
    }
  });
});

describe('the figures of a scrape', () => {
  it('are those of the sources', async () => {
    const lines = samplesOf(await scrapeText(busySources()));
    expect(lines).toEqual(
      expect.arrayContaining([
        'touchline_connections 2',
        'touchline_connections_opened_total 3',
        'touchline_connections_closed_total{code="4002"} 1',
        'touchline_connections_closed_total{code="1000"} 0',
        'touchline_connections_closed_total{code="other"} 2',
        'touchline_deliveries_total 12345',
        'touchline_send_queue_bytes 140',
        'touchline_send_queue_bytes_max 100',
        'touchline_send_queue_age_seconds_max 1.5',
        'touchline_slow_consumers 2',
        'touchline_upgrades_refused_total{reason="origin"} 2',
        'touchline_fault_active{fault="slow-loop"} 100',
        'touchline_http_requests_total{route="/livez",status="200"} 1',
        `touchline_build_info{version="0.1.0",node="${process.version}"} 1`,
      ]),
    );
  });

  it('make a histogram cumulative, with everything under +Inf', async () => {
    const lines = samplesOf(await scrapeText(busySources()));
    const recipients = lines.filter((line) => line.startsWith('touchline_broadcast_recipients'));
    expect(recipients.map((line) => line.replace('touchline_broadcast_recipients', ''))).toEqual([
      '_bucket{le="0"} 1',
      '_bucket{le="1"} 1',
      '_bucket{le="10"} 2',
      '_bucket{le="100"} 2',
      '_bucket{le="1000"} 2',
      '_bucket{le="5000"} 2',
      '_bucket{le="10000"} 2',
      '_bucket{le="50000"} 2',
      '_bucket{le="+Inf"} 3',
      '_sum 60007',
      '_count 3',
    ]);
  });

  it('tell how long the previous scrape took', async () => {
    let nowMs = 0;
    const metrics = metricsOf(createFakeSources(), () => {
      nowMs += 250;
      return nowMs;
    });
    expect((await metrics.scrape(undefined)).body).toContain('touchline_scrape_duration_seconds 0\n');
    expect((await metrics.scrape(undefined)).body).toContain('touchline_scrape_duration_seconds 0.25\n');
  });

  it('stay within 300 series with 1,000 connections in 100 rooms', async () => {
    const connections = Array.from({ length: 1_000 }, (_, index) =>
      fakeConnection({ id: `c${index}`, clientId: `client-${index}`, bufferedBytes: index }),
    );
    const metrics = metricsOf({
      ...busySources(),
      connections: () => connections,
      connectionCount: () => connections.length,
      rooms: () => ({ count: 100, subscriptions: 1_000, largest: 10 }),
    });
    metrics.observeHttpRequest('/matches/:matchId/commentary', 201, 0.002);
    metrics.observeHttpRequest('/readyz', 200, 0.001);
    const { body } = await metrics.scrape(undefined);
    expect(samplesOf(body).length).toBeLessThan(300);
  });

  it('keep HTTP routes bounded, whoever names them', async () => {
    const metrics = metricsOf(createFakeSources());
    for (let route = 0; route < 500; route += 1) metrics.observeHttpRequest(`/made-up/${route}`, 404, 0.001);
    const { body } = await metrics.scrape(undefined);
    const counts = samplesOf(body).filter((line) => line.startsWith('touchline_http_requests_total'));
    expect(counts).toHaveLength(17);
    expect(counts).toContain('touchline_http_requests_total{route="other",status="404"} 484');
  });
});

describe('two formats', () => {
  it('do not leak into each other when scraped at the same time', async () => {
    const metrics = metricsOf(busySources());
    const [open, classic, openAgain] = await Promise.all([
      metrics.scrape(OPENMETRICS),
      metrics.scrape(undefined),
      metrics.scrape(OPENMETRICS),
    ]);
    expect(classic.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(classic.body).toContain('# TYPE touchline_deliveries_total counter');
    expect(classic.body).not.toContain('# EOF');
    for (const { body, contentType } of [open, openAgain]) {
      expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect(body).toContain('# TYPE touchline_deliveries counter\ntouchline_deliveries_total 12345\n');
      expect(body).not.toContain('_total_total');
    }
  });
});
