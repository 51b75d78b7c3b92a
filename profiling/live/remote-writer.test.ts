import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PbfReader } from 'pbf';
import snappy from 'snappyjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type PushedSample, RemoteWriter } from './remote-writer.ts';
import { encodeWriteRequest } from './write-request.ts';

interface ReadSeries {
  labels: [string, string][];
  /** Null: the marker of its end. */
  value: number | null;
  atMs: number;
}

/** The bits that Prometheus knows as the end of a series. */
const STALE = '7ff0000000000002';

function decode(body: Uint8Array): readonly ReadSeries[] {
  return new PbfReader(snappy.uncompress(body)).readFields<ReadSeries[]>((_, all, request) => {
    const series: ReadSeries = { labels: [], value: Number.NaN, atMs: 0 };
    request.readMessage(readSeries, series);
    all.push(series);
  }, []);
}

function readSeries(tag: number, series: ReadSeries, reader: PbfReader): void {
  if (tag === 1) {
    const pair: [string, string] = ['', ''];
    reader.readMessage((part: number, into: [string, string], label: PbfReader) => {
      into[part === 1 ? 0 : 1] = label.readString();
    }, pair);
    series.labels.push(pair);
    return;
  }
  reader.readMessage((part: number, into: ReadSeries, sample: PbfReader) => {
    if (part !== 1) {
      into.atMs = sample.readVarint(true);
      return;
    }
    const bytes = Buffer.from(sample.buf.subarray(sample.pos, sample.pos + 8)).reverse();
    const value = sample.readDouble();
    into.value = bytes.toString('hex') === STALE ? null : value;
  }, series);
}

describe('encodeWriteRequest', () => {
  it('says each series with sorted labels, its value and its time', () => {
    const labels = { job: 'touchline-profiler', __name__: 'up', instance: '127.0.0.1:9465' };
    const atMs = 1_795_805_126_123;
    const series = [
      { labels, value: 0.25, atMs },
      { labels: { ...labels, __name__: 'gone' }, value: null, atMs },
      { labels, value: Number.NaN, atMs },
    ];
    const [known, gone, unknown] = decode(encodeWriteRequest(series));
    expect(known).toEqual({
      labels: [
        ['__name__', 'up'],
        ['instance', '127.0.0.1:9465'],
        ['job', 'touchline-profiler'],
      ],
      value: 0.25,
      atMs,
    });
    expect(gone).toMatchObject({ value: null, atMs });
    expect(unknown?.value).toBeNaN();
  });
});

describe('RemoteWriter', () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  /** Takes pushes as Prometheus would. */
  async function receiver(status = 204) {
    const pushes: (readonly ReadSeries[])[] = [];
    const headers: (string | undefined)[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      pushes.push(decode(Buffer.concat(chunks)));
      headers.push(request.headers.authorization);
      response.writeHead(status).end('what for');
    });
    open.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return { pushes, headers, host: `127.0.0.1:${port}` };
  }

  function writerTo(url: string) {
    const samples: PushedSample[] = [];
    const warnings: string[] = [];
    const labels = { job: 'touchline-profiler', instance: '127.0.0.1:9465' };
    const clock = { nowMs: 1_000 };
    const writer = new RemoteWriter({
      url,
      sources: () => [{ labels, read: async () => [...samples] }],
      warn: (sentence) => warnings.push(sentence),
      now: () => clock.nowMs,
    });
    return { writer, samples, warnings, clock };
  }

  const valuesOf = (push: readonly ReadSeries[] | undefined) =>
    push?.map(({ labels, value, atMs }) => [new Map(labels).get('__name__'), value, atMs]);

  it('pushes what is there, and the end of what is no longer', async () => {
    const { pushes, host } = await receiver();
    const { writer, samples, clock, warnings } = writerTo(`http://${host}/api/v1/write`);
    samples.push({ name: 'one', labels: {}, value: 1 }, { name: 'two', labels: { worker: '0' }, value: 2 });
    await writer.push();
    samples.pop();
    clock.nowMs = 2_000;
    await writer.push();
    clock.nowMs = 3_000;
    await writer.close();
    expect(pushes.map(valuesOf)).toEqual([
      [
        ['one', 1, 1_000],
        ['two', 2, 1_000],
      ],
      [
        ['one', 1, 2_000],
        ['two', null, 2_000],
      ],
      [['one', 1, 3_000]],
      [['one', null, 4_000]],
    ]);
    expect(warnings).toEqual([]);
  });

  it('takes name and password out of the address', async () => {
    const { headers, host } = await receiver();
    const { writer, samples } = writerTo(`http://me:s%20cret@${host}/api/v1/write`);
    samples.push({ name: 'one', labels: {}, value: 1 });
    await writer.push();
    expect(headers).toEqual([`Basic ${Buffer.from('me:s cret').toString('base64')}`]);
  });

  it('warns once of a receiver that refuses, without the password', async () => {
    const { host } = await receiver(400);
    const { writer, samples, warnings } = writerTo(`http://me:secret@${host}/api/v1/write`);
    samples.push({ name: 'one', labels: {}, value: 1 });
    await writer.push();
    await writer.close();
    expect(warnings).toEqual([
      `--remote-write: expected http://${host}/api/v1/write to take the figures; answered 400 what for. The run goes on without.`,
    ]);
  });

  it('warns once when nobody is there', async () => {
    const { writer, samples, warnings } = writerTo('http://127.0.0.1:1/api/v1/write');
    samples.push({ name: 'one', labels: {}, value: 1 });
    await writer.push();
    await writer.push();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/ECONNREFUSED|bad port/);
  });
});
