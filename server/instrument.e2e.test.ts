/** `touchline/instrument` on a server that is none of ours: does every figure equal what its clients did? */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { INSTRUMENTED_METRICS } from './observability/instrument/instrumented-metrics.ts';
import { METRIC_CATALOGUE, type MetricName } from './observability/metric-catalogue.ts';
import { promtoolComplaints } from './testing/check-metrics.ts';
import { PrometheusProcess } from './testing/prometheus-process.ts';

const ENTRY = new URL('./testing/foreign-ws-server.mjs', import.meta.url).pathname;
const FLOOD_MEBIBYTES = 64;
const MEBIBYTE = 1_048_576;

/** A client whose socket counts for itself. */
class Client {
  readonly socket: WebSocket;
  received = 0;
  receivedBytes = 0;
  sent = 0;
  sentBytes = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/feed`, { perMessageDeflate: false });
    this.socket.on('message', (data: Buffer) => {
      this.received += 1;
      this.receivedBytes += data.length;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  send(message: string | Buffer): void {
    this.sent += 1;
    this.sentBytes += Buffer.byteLength(message);
    this.socket.send(message);
  }

  async untilReceived(count: number): Promise<void> {
    while (this.received < count) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  /** What was sent before has been dealt with when this comes back. */
  async fence(): Promise<void> {
    const count = this.received + 1;
    this.send('echo fence');
    await this.untilReceived(count);
  }
}

let server: ChildProcess;
let port: number;
const clients: Client[] = [];

beforeAll(async () => {
  server = fork(ENTRY);
  const [message] = (await once(server, 'message')) as [{ port: number }];
  port = message.port;
});
afterAll(() => {
  for (const { socket } of clients) socket.terminate();
  server.disconnect();
});

async function open(count: number): Promise<Client[]> {
  const opened = Array.from({ length: count }, () => new Client(port));
  clients.push(...opened);
  await Promise.all(opened.map(({ socket }) => once(socket, 'open')));
  return opened;
}

async function scrapeText(): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

async function scrape(): Promise<(series: string) => number> {
  const lines = [...(await scrapeText()).matchAll(/^([a-z]\S*) (\S+)$/gm)];
  const values = new Map(lines.map(([, series = '', value]) => [series, Number(value)]));
  return (series) => values.get(`touchline_${series}`) ?? Number.NaN;
}

/** The server learns of an end a moment after the client: asks until it does. */
async function scrapeUntil(isThere: (read: (series: string) => number) => boolean) {
  for (;;) {
    const read = await scrape();
    if (isThere(read)) return read;
  }
}

const sum = (all: readonly Client[], pick: (client: Client) => number) =>
  all.reduce((total, client) => total + pick(client), 0);

describe('touchline/instrument', () => {
  it('counts what came and went, to the message and the byte', async () => {
    const [first, ...others] = (await open(5)) as [Client, ...Client[]];
    const everyone = [first, ...others];
    for (const client of everyone) client.send('echo grüße');
    first.send(Buffer.from('echo binary'));
    await first.untilReceived(2);
    for (let round = 0; round < 10; round += 1) first.send(`all ${'x'.repeat(200 + round * 10_000)}`);
    await Promise.all(everyone.map((client, index) => client.untilReceived(index === 0 ? 12 : 11)));
    first.send('ping');
    await once(first.socket, 'ping');
    for (const client of everyone) await client.fence();

    const read = await scrape();
    expect(read('connections')).toBe(5);
    expect(read('connections_opened_total')).toBe(5);
    expect(read('messages_received_total{type="binary"}')).toBe(1);
    expect(read('messages_received_total{type="text"}')).toBe(sum(everyone, ({ sent }) => sent) - 1);
    expect(read('received_payload_bytes_total')).toBe(sum(everyone, ({ sentBytes }) => sentBytes));
    const received = sum(everyone, (client) => client.received);
    expect(received).toBe(5 + 1 + 50 + 5);
    for (const name of ['deliveries', 'frames_written', 'socket_writes']) {
      expect(read(`${name}_total`)).toBe(received);
    }
    expect(read('sent_payload_bytes_total')).toBe(sum(everyone, ({ receivedBytes }) => receivedBytes));
    expect(read('heartbeat_pings_total')).toBe(1);
    expect(read('slow_consumers')).toBe(0);
    expect(read('send_queue_bytes')).toBe(0);
  });

  it('counts the bytes on the wire, those of connections that ended among them', async () => {
    const wire = () => sum(clients, ({ socket }) => socketBytes(socket).bytesRead);
    const earlier = await scrape();
    expect(earlier('wire_sent_bytes_total')).toBe(wire());
    const [last] = clients.slice(-1);
    last?.socket.close(1000);
    if (last !== undefined) await once(last.socket, 'close');
    const later = await scrapeUntil((read) => read('connections') === 4);
    // Beside what was there, the server answered the close with a frame of four bytes.
    expect(later('wire_sent_bytes_total')).toBe(earlier('wire_sent_bytes_total') + 4);
    // A client masks its frames: two bytes of header, four of the mask, two of the code.
    expect(later('wire_received_bytes_total')).toBe(earlier('wire_received_bytes_total') + 8);
  });

  it('counts ends by code: the registered ones, those asked for, and one series for all others', async () => {
    const [bare, lost, foreign, asked, alsoForeign] = (await open(5)) as Client[];
    const earlier = await scrape();
    bare?.socket.close();
    lost?.socket.terminate();
    foreign?.socket.close(3_999);
    asked?.send('close 4001');
    alsoForeign?.send('close 4321');
    const later = await scrapeUntil((read) => read('connections') === earlier('connections') - 5);
    const closed = (code: string) =>
      later(`connections_closed_total{code="${code}"}`) - earlier(`connections_closed_total{code="${code}"}`);
    expect(['1000', '1005', '1006', '4001', 'other'].map(closed)).toEqual([0, 1, 1, 1, 2]);
    expect(later('connections_opened_total')).toBe(10);
    expect(await scrapeText()).not.toMatch(/code="(3999|4321)"/);
  });

  it('counts upgrades that were refused, and opens nothing for them', async () => {
    const earlier = await scrape();
    const wrongPath = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
    await once(wrongPath, 'error');
    const raw = connect(port, '127.0.0.1', () =>
      raw.write('GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    );
    await once(raw.resume(), 'close');
    const later = await scrapeUntil((read) => read('upgrades_refused_total{reason="handshake"}') >= 2);
    expect(earlier('upgrades_refused_total{reason="handshake"}')).toBe(0);
    expect(later('upgrades_refused_total{reason="handshake"}')).toBe(2);
    expect(later('connections_opened_total')).toBe(earlier('connections_opened_total'));
  });

  it('shows a reader that stopped: its queue, that the queue grows old, and that it empties', async () => {
    const [slow] = (await open(1)) as [Client];
    const earlier = await scrape();
    slow.socket.pause();
    slow.send(`flood ${FLOOD_MEBIBYTES}`);
    const stuck = await scrapeUntil((read) => read('send_queue_bytes') > 0);
    expect(stuck('slow_consumers')).toBe(1);
    expect(stuck('send_queue_bytes_max')).toBe(stuck('send_queue_bytes'));
    expect(stuck('send_queue_bytes')).toBeLessThan(FLOOD_MEBIBYTES * MEBIBYTE);
    expect(stuck('deliveries_total') - earlier('deliveries_total')).toBe(FLOOD_MEBIBYTES);
    // Payload and a header of ten bytes each.
    expect(stuck('wire_sent_bytes_total') - earlier('wire_sent_bytes_total')).toBe(
      FLOOD_MEBIBYTES * (MEBIBYTE + 10),
    );
    await scrapeUntil((read) => read('send_queue_age_seconds_max') > 0.5);
    slow.socket.resume();
    await slow.untilReceived(FLOOD_MEBIBYTES);
    const drained = await scrapeUntil((read) => read('send_queue_bytes') === 0);
    expect(drained('slow_consumers')).toBe(0);
    expect(drained('send_queue_age_seconds_max')).toBe(0);
  });

  it('gives nothing that promtool would complain of, and names what the board asks for', async () => {
    const text = await scrapeText();
    expect(promtoolComplaints(onlyTouchline(text))).toBe('');
    expect(text).toMatch(/^touchline_build_info\{version="\d+\.\d+\.\d+\S*",node="v\d+\S*"\} 1$/m);
  });

  it('fills a real Prometheus: it is up, and every metric that can apply has samples', async () => {
    const prometheus = await PrometheusProcess.start(`
global: { scrape_interval: 1s }
scrape_configs: [{ job_name: foreign, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]
`);
    try {
      await prometheus.queryUntil('up', ([up]) => up?.value === 1);
      const names = await prometheus.queryUntil(
        'count by (__name__) ({__name__=~"touchline_.+|process_.+|nodejs_.+"})',
        (series) => series.length > 0,
      );
      const seen = new Set(names.map(({ metric }) => metric['__name__']));
      expect(INSTRUMENTED_METRICS.filter((name) => !seen.has(seriesOf(name)))).toEqual([]);
      const catalogue = new Set(Object.keys(METRIC_CATALOGUE).map((name) => seriesOf(name as MetricName)));
      const ours = [...seen].filter((name) => name?.startsWith('touchline_') && catalogue.has(name));
      const expected = INSTRUMENTED_METRICS.filter((name) => name.startsWith('touchline_')).map(seriesOf);
      expect(new Set(ours)).toEqual(new Set(expected));
      const [info] = await prometheus.queryUntil('touchline_build_info', ({ length }) => length === 1);
      expect(info?.metric['instance']).toBe(`127.0.0.1:${port}`);
    } finally {
      await prometheus.stop();
    }
  });

  it('leaves when it is told to, and the server goes on', async () => {
    const [client] = (await open(1)) as [Client];
    client.send('stop');
    await client.fence();
    const text = await scrapeText();
    expect(text).not.toContain('touchline_');
    expect(text).toContain('process_cpu_user_seconds_total');
    await client.fence();
  });
});

/** A client's own count, by the socket beneath. */
function socketBytes(socket: WebSocket): { bytesRead: number } {
  return (socket as unknown as { _socket: { bytesRead: number } })._socket;
}

/** The first series of a metric. */
function seriesOf(name: MetricName): string {
  return METRIC_CATALOGUE[name].type === 'histogram' ? `${name}_count` : name;
}

function onlyTouchline(text: string): string {
  const families = text.split(/^(?=# HELP )/m).filter((family) => family.startsWith('# HELP touchline_'));
  return `${families.map((family) => family.trim()).join('\n')}\n`;
}
