import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTicks, runTicks, type TestTicks } from '../../testing/make-ticks.ts';
import type { TickSocket } from '../../testing/tick-socket.ts';

const END = { code: 1000, reason: '' };

const which = fc.nat(9);
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('run'), ms: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('open'), format: fc.constantFrom('json', 'binary') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), which }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('unsent'), which, bytes: fc.constantFrom(0, 0, 9, 100_001) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change'),
      part: fc.record(
        {
          rate: fc.integer({ min: 1, max: 30_000 }),
          fanOut: fc.constantFrom('framed' as const, 'corked' as const, 'coalesced' as const),
        },
        { requiredKeys: [] },
      ),
    }),
  },
);

/** Readers that come and go. */
class Crowd {
  readonly test = makeTicks();
  /** Of all that ever were. */
  readonly sockets: TickSocket[] = [];
  readonly #open: ReturnType<TestTicks['open']>[] = [];

  run(ms: number): void {
    runTicks(this.test, ms);
  }

  open(format: string): void {
    const reader = this.test.open(`format=${format}`);
    this.#open.push(reader);
    this.sockets.push(reader.socket);
  }

  close(which: number): void {
    const [reader] = this.#open.splice(which % Math.max(1, this.#open.length), 1);
    if (reader !== undefined) this.test.endpoint.closed(reader.connection, END);
  }

  hold(which: number, bytes: number): void {
    const reader = this.#open[which % Math.max(1, this.#open.length)];
    if (reader !== undefined) reader.socket.bufferedBytes = bytes;
  }

  /** Ticks of the gaps that readers are in. */
  get waiting(): number {
    const { readers } = this.test.ticks.feed;
    return readers.all().reduce((sum, reader) => sum + reader.waiting, 0);
  }
}

function act(crowd: Crowd, action: Action): void {
  if ('ms' in action) crowd.run(action.ms);
  else if ('format' in action) crowd.open(action.format);
  else if ('bytes' in action) crowd.hold(action.which, action.bytes);
  else if ('which' in action) crowd.close(action.which);
  else crowd.test.ticks.config.change(action.part);
}

type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

/** Times rise; at each `conflated`, what came and what was skipped is what was made; without one, no gap. */
function expectContract(socket: TickSocket): void {
  const times = [
    ...socket.json.map(({ ts }) => ts),
    ...socket.binary.map(({ epochNs }) => Number(epochNs) / 1e6),
  ];
  expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  let skipped = 0;
  for (const [index, control] of socket.controls.entries()) {
    if (control['type'] !== 'conflated') continue;
    skipped += Number(control['skipped']);
    expect(control['upToCount']).toBe((socket.ticksBefore[index] ?? 0) + skipped);
  }
  const lastSeq = socket.json.at(-1)?.seq;
  const joinedAt = Number(socket.controls[0]?.['seq']);
  if (lastSeq !== undefined) expect(lastSeq - joinedAt).toBe(socket.json.length + skipped);
}

describe('the contract of a reader', () => {
  it('holds through any comings, goings, stalls and changes', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 40 }), (actions) => {
        const crowd = new Crowd();
        for (const each of actions) {
          act(crowd, each);
          const { offered, buffered, skipped } = crowd.test.ticks.stats.totals();
          expect(offered).toBe(buffered + skipped + crowd.waiting);
        }
        for (const socket of crowd.sockets) expectContract(socket);
        expect(crowd.test.defects).toEqual([]);
      }),
    );
  });
});
