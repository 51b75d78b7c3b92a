import { describe, expect, it } from 'vitest';
import { makeTicks, runTicks, type TestTicks } from '../../testing/make-ticks.ts';
import { TICK_SYMBOLS } from './tick-symbols.ts';
import { ticksQueryProblem } from './ticks-endpoint.ts';

const say = ({ endpoint }: TestTicks, { connection }: ReturnType<TestTicks['open']>, message: unknown) =>
  endpoint.received(
    connection,
    Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
    false,
  );
const stats = { clientId: 'one', messagesPerSec: 5, totalMessages: 6, avgLatencyMs: 7, p99LatencyMs: 8 };

describe('ticksQueryProblem', () => {
  it.each(['', 'format=json', 'format=binary', 'other=1'])('takes ?%s', (query) => {
    expect(ticksQueryProblem(new URLSearchParams(query))).toBeNull();
  });

  it.each([
    ['format=xml', 'format: expected one of json, binary; received "xml"'],
    ['format=', 'format: expected one of json, binary; received ""'],
    ['format=JSON', 'format: expected one of json, binary; received "JSON"'],
    ['format=json&format=json', 'format: expected one of json, binary; received several'],
  ])('refuses ?%s', (query, problem) => {
    expect(ticksQueryProblem(new URLSearchParams(query))).toBe(problem);
  });
});

describe('/ticks', () => {
  it('says hello first, in the format that was asked for or is configured', () => {
    const test = makeTicks();
    test.ticks.config.change({ format: 'binary' });
    const configured = test.open();
    const asked = test.open('format=json');
    expect(configured.socket.controls).toEqual([
      {
        type: 'hello',
        symbols: [...TICK_SYMBOLS],
        clock: { hrtimeNs: '0', epochNs: '1763689000123000000' },
        format: 'binary',
        connectionId: configured.connection.id,
        epoch: 'e1',
        seq: 0,
      },
    ]);
    expect(asked.socket.controls[0]).toMatchObject({ format: 'json' });
    test.ticks.config.change({ format: 'json' });
    runTicks(test, 5);
    expect([configured.socket.binary.length, asked.socket.json.length]).toEqual([5, 5]);
  });

  it('gives times on the clock of the hello', () => {
    const test = makeTicks();
    test.timers.clock.advance(250);
    const { socket } = test.open('format=binary');
    runTicks(test, 3);
    const clock = socket.controls[0]?.['clock'] as { hrtimeNs: string; epochNs: string };
    const hrtimes = socket.binary.map(
      ({ epochNs }) => BigInt(clock.hrtimeNs) + epochNs - BigInt(clock.epochNs),
    );
    expect(hrtimes).toEqual([251_000_000n, 252_000_000n, 253_000_000n]);
  });

  it('answers ping in order with the ticks', () => {
    const test = makeTicks();
    const reader = test.open();
    runTicks(test, 4);
    expect(say(test, reader, { type: 'ping' })).toBe(true);
    expect(reader.socket.controls.at(-1)).toEqual({ type: 'pong' });
    expect(reader.socket.ticksBefore.at(-1)).toBe(4);
  });

  it('knows clients by what they say of themselves', () => {
    const test = makeTicks();
    const reader = test.open();
    say(test, reader, { type: 'identify', clientId: 'one' });
    expect(reader.connection.clientId).toBe('one');
    expect(test.ticks.stats.answer().clients).toEqual({
      one: {
        clientId: 'one',
        lastUpdate: 1_763_689_000_123,
        messagesPerSec: 0,
        totalMessages: 0,
        avgLatencyMs: 0,
        p99LatencyMs: 0,
      },
    });
    test.timers.clock.advance(10);
    say(test, reader, { type: 'stats', ...stats });
    expect(test.ticks.stats.answer().clients).toEqual({ one: { ...stats, lastUpdate: 1_763_689_000_133 } });
    expect(reader.socket.controls).toHaveLength(1);
  });

  it('counts what is acknowledged, and refuses what cannot be', () => {
    const test = makeTicks();
    const reader = test.open();
    runTicks(test, 10);
    say(test, reader, { type: 'ack', received: 7 });
    expect(test.ticks.stats.totals()).toMatchObject({ acknowledged: 7, acknowledgingReaders: 1 });
    for (const [received, text] of [
      [11, 'received: expected an integer from 7 to 10; received 11'],
      [6, 'received: expected an integer from 7 to 10; received 6'],
    ] as const) {
      say(test, reader, { type: 'ack', received });
      expect(reader.socket.controls.at(-1)).toEqual({
        type: 'error',
        code: 'invalid_message',
        message: text,
      });
    }
    expect(test.ticks.stats.totals()).toMatchObject({ acknowledged: 7 });
    expect(test.hub.counters.receivedByType).toMatchObject({ ack: 1, invalid: 2 });
  });

  it('does not count ack, stats and ping against the rate, but everything else', () => {
    const test = makeTicks();
    const reader = test.open();
    for (let n = 0; n < 200; n += 1) {
      expect(say(test, reader, { type: 'ack', received: 0 })).toBe(true);
      expect(say(test, reader, { type: 'stats', ...stats })).toBe(true);
      expect(say(test, reader, { type: 'ping' })).toBe(true);
    }
    const admitted = Array.from({ length: 30 }, () => say(test, reader, { type: 'identify', clientId: 'x' }));
    expect(admitted.filter((isAdmitted) => isAdmitted)).toHaveLength(10);
    expect(reader.socket.controls.at(-1)).toMatchObject({ type: 'error', code: 'rate_limit' });
    expect(test.endpoint.receivedControl(reader.connection)).toBe(false);
  });

  it.each([
    ['no JSON', '{', 'invalid_json'],
    ['no type', '{}', 'invalid_message'],
    ['a message of /ws', { type: 'subscribe', matchId: 1 }, 'unknown_type'],
    ['a wrong field', { type: 'ack', received: 'all' }, 'invalid_message'],
    ['a long message', { type: 'ping', padding: 'x'.repeat(1_100) }, 'invalid_message'],
  ])('answers %s with an error, and goes on', (_, message, code) => {
    const test = makeTicks();
    const reader = test.open();
    say(test, reader, message);
    expect(reader.socket.controls.at(-1)).toMatchObject({ type: 'error', code });
    runTicks(test, 3);
    expect(reader.socket.ticks).toBe(3);
  });

  it('answers a binary message with an error', () => {
    const test = makeTicks();
    const { connection, socket } = test.open();
    test.endpoint.received(connection, Buffer.from([1]), true);
    expect(socket.controls.at(-1)).toMatchObject({ code: 'binary_unsupported' });
  });

  it('closes whoever keeps sending what is not of the protocol', () => {
    const test = makeTicks({ messagesPerSecond: 1_000 });
    const reader = test.open();
    for (let n = 0; n < 50; n += 1) say(test, reader, 'x');
    expect(reader.socket.closedWith).toMatchObject({ code: 4501 });
    runTicks(test, 5);
    expect(reader.socket.ticks).toBe(0);
  });

  it('gives nothing more to whoever began to close, and counts what it had as taken when that came through', () => {
    const test = makeTicks();
    const { connection, socket } = test.open();
    const other = test.open();
    runTicks(test, 5);
    socket.bufferedBytes = 300;
    socket.isOpen = false;
    runTicks(test, 5);
    expect(socket.ticks).toBe(5);
    test.endpoint.closed(connection, { code: 1000, reason: '' });
    test.endpoint.closed(other.connection, { code: 1006, reason: '' });
    expect(test.ticks.stats.totals()).toMatchObject({
      made: 10,
      offered: 15,
      buffered: 15,
      flushed: 15,
      skipped: 0,
      readers: 0,
    });
  });
});

describe('the telemetry', () => {
  it('comes once a second while somebody reads, with the rates of that second', () => {
    const test = makeTicks();
    const reader = test.open();
    runTicks(test, 999);
    expect(test.printed).toEqual([]);
    say(test, reader, { type: 'identify', clientId: 'lean' });
    runTicks(test, 1);
    // The look falls before the tick of the same moment.
    const line =
      '[Stats] Rate: 1,000/s | Server actual: 999/s | buffered 999/s | flushed 999/s | delivered unknown (no reader acknowledges) | readers 1';
    expect(test.printed).toEqual([line, '  lean: 0/s, avg 0.00 ms, p99 0.00 ms']);
    runTicks(test, 6_000);
    expect(test.printed.at(-1)).toBe('  lean: (not connected)');
    test.endpoint.closed(reader.connection, { code: 1000, reason: '' });
    const { length } = test.printed;
    runTicks(test, 3_000);
    expect(test.printed).toHaveLength(length);
    expect(test.ticks.stats.answer()).toMatchObject({
      serverRate: 0,
      bufferedRate: 0,
      totals: { made: 7_000 },
    });
  });

  it('has the delivered rate of whoever acknowledges', () => {
    const test = makeTicks();
    const reader = test.open();
    for (let second = 1; second <= 3; second += 1) {
      runTicks(test, 1_000);
      say(test, reader, { type: 'ack', received: second * 1_000 - 10 });
    }
    expect(test.ticks.stats.answer()).toMatchObject({ deliveredRate: 1_000 });
  });

  it('forgets clients and rates when told, never totals', () => {
    const test = makeTicks();
    const reader = test.open();
    say(test, reader, { type: 'stats', ...stats });
    runTicks(test, 2_000);
    test.ticks.stats.clear();
    expect(test.ticks.stats.answer()).toMatchObject({
      clients: {},
      serverRate: 0,
      totals: { made: 2_000, buffered: 2_000 },
    });
    runTicks(test, 500);
    expect(test.ticks.stats.answer()).toMatchObject({ serverRate: 1_000 });
  });
});
