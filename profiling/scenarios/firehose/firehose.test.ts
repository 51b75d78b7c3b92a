import { describe, expect, it } from 'vitest';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleOptions } from '../../testing/sample-options.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { firehose } from './firehose.ts';

const { ticks: TICKS } = sampleOptions();

function rehearse(changes: Partial<ScenarioOptions> = {}, ticks: Partial<typeof TICKS> = {}) {
  return new Rehearsal({
    quick: true,
    rates: [100_000, 1_000_000],
    measureMs: 1_000,
    warmUpMs: 200,
    ...changes,
    ticks: { ...TICKS, ...ticks },
  });
}

async function run(rehearsal: Rehearsal) {
  const { outcome, body } = await firehose.run(rehearsal.context());
  const partsOf = (part: string) => body.cells.filter((cell) => cell.part === part);
  return { outcome, body, partsOf };
}

describe('firehose', () => {
  it('searches in each format, then goes through every part', async () => {
    const { outcome, partsOf, body } = await run(rehearse());
    expect(outcome).toEqual({ state: 'completed' });
    expect(partsOf('search').map(({ kind, setup }) => [setup.format, kind, setup.rate])).toEqual([
      ['json', 'sweep', 100_000],
      ['json', 'sweep', 1_000_000],
      ['json', 'confirmation', 1_000_000],
      ['binary', 'sweep', 100_000],
      ['binary', 'sweep', 1_000_000],
      ['binary', 'confirmation', 1_000_000],
    ]);
    const counts = ['readers', 'modes', 'sources', 'kinds', 'slow', 'engines'].map(
      (part) => partsOf(part).length,
    );
    expect(counts).toEqual([2, 4, 2, 2, 4, 2]);
    expect(body.notMeasured).toEqual([]);
    // The rehearsal's server is on another machine.
    expect(body.buffers).toBeNull();
  });

  it('sets the feed before each cell, and reads it as it was set', async () => {
    const rehearsal = rehearse();
    const { body } = await run(rehearsal);
    const cells = rehearsal.configured.slice(-body.cells.length);
    expect(cells.map(({ rate, format, source, fanOut }) => ({ rate, format, source, mode: fanOut }))).toEqual(
      body.cells.map(({ setup: { rate, format, source, mode } }) => ({ rate, format, source, mode })),
    );
    expect(cells.every(({ rampEnabled }) => rampEnabled === false)).toBe(true);
    const plans = rehearsal.tickPlans.slice(-body.cells.length);
    expect(plans.map(({ readers }) => readers)).toEqual(body.cells.map(({ setup }) => setup.readers));
  });

  it('doubles the rate up to the highest that may be tried, and halves the gap', async () => {
    const rehearsal = rehearse({ quick: false }, { maxRate: 8_000_000, formats: ['json'] });
    rehearsal.tickJudgement = ({ setup }) => (setup.rate > 3_000_000 ? 'slow' : 'held');
    const { partsOf } = await run(rehearsal);
    expect(partsOf('search').map(({ kind, setup }) => [kind, setup.rate])).toEqual([
      ['sweep', 100_000],
      ['sweep', 1_000_000],
      ['sweep', 2_000_000],
      ['sweep', 4_000_000],
      ['bisection', 2_800_000],
      ['bisection', 3_300_000],
      ['bisection', 3_000_000],
      ['confirmation', 3_000_000],
    ]);
  });

  it('goes to many readers until a rate does not hold', async () => {
    const rehearsal = rehearse({ quick: false }, { readers: [1, 10, 100], formats: ['json'] });
    rehearsal.tickJudgement = ({ setup }) => (setup.readers * setup.rate > 1_000_000 ? 'slow' : 'held');
    const { partsOf } = await run(rehearsal);
    expect(partsOf('readers').map(({ setup }) => [setup.readers, setup.rate])).toEqual([
      [10, 100_000],
      [10, 1_000_000],
      [100, 100_000],
    ]);
  });

  it('names an engine that does not start, with the last of its words, and goes on', async () => {
    const rehearsal = rehearse();
    rehearsal.refuses = ({ name }) =>
      name === 'uws'
        ? new TouchlineError('TL_SERVER_START_FAILED', 'it ended. Its last words:\n  npm install it')
        : undefined;
    const { outcome, body, partsOf } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'completed' });
    expect(body.notMeasured).toEqual([{ what: 'engine uws', why: 'npm install it' }]);
    expect(new Set(partsOf('engines').map(({ setup }) => setup.engine))).toEqual(new Set(['ws']));
  });

  it('ends the servers of other engines', async () => {
    const rehearsal = rehearse();
    await run(rehearsal);
    expect(rehearsal.variants.map(({ settings }) => settings['ENGINE'])).toEqual(['uws']);
    expect(rehearsal.happened).toContain('close uws');
  });

  it('gives a browser a page, and a server that lets it in', async () => {
    const rehearsal = rehearse({}, { kinds: ['lean', 'browser-naive'], engines: ['ws'] });
    const { partsOf } = await run(rehearsal);
    expect(partsOf('kinds').map(({ setup }) => setup.reader)).toEqual(['lean', 'browser-naive']);
    expect(rehearsal.variants[0]?.settings).toEqual({ ENGINE: 'ws', ALLOWED_ORIGINS: 'http://127.0.0.1:99' });
    expect(rehearsal.tickPlans.at(-1)?.browser).toEqual({ pageOrigin: 'http://127.0.0.1:99' });
    expect(rehearsal.happened.slice(-2)).toEqual(['close browser-naive-ws', 'close page']);
  });

  it('names a browser reader where there is no browser', async () => {
    const rehearsal = rehearse({}, { kinds: ['browser-naive'] });
    rehearsal.browser = new TouchlineError('TL_BROWSER_UNAVAILABLE', 'apt-get install chromium');
    const { body, partsOf } = await run(rehearsal);
    expect(partsOf('kinds')).toEqual([]);
    expect(body.notMeasured).toContainEqual({
      what: 'browser-naive reader',
      why: 'apt-get install chromium',
    });
  });

  it('leaves a server that ran before as it was, and names what it cannot do there', async () => {
    const rehearsal = rehearse({}, { kinds: ['browser-naive'] });
    rehearsal.kind = 'running';
    const { body } = await run(rehearsal);
    expect(rehearsal.variants).toEqual([]);
    expect(rehearsal.configured.at(-1)).toEqual({ rate: 1_000 });
    expect(body.notMeasured.map(({ what }) => what)).toEqual(['browser-naive reader', 'engine uws']);
    expect(new Set(body.cells.map(({ setup }) => setup.engine))).toEqual(new Set(['unknown']));
  });

  it('names a rate that the server does not take, and does not try higher ones', async () => {
    const rehearsal = rehearse({}, { formats: ['json'] });
    rehearsal.configures = ({ rate = 0 }) => (rate > 100_000 ? 'rate must be at most 100000' : null);
    const { outcome, body, partsOf } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'completed' });
    expect(partsOf('search')).toHaveLength(1);
    expect(body.notMeasured[0]).toEqual({ what: '1,000,000/s JSON', why: 'rate must be at most 100000' });
  });

  it('is one cell for each engine as a benchmark', async () => {
    const benchmark = { mode: 'tauri-rust', reader: 'lean', rate: 500_000 } as const;
    const rehearsal = rehearse({}, { benchmark, formats: ['json'], readers: [1] });
    const { body } = await run(rehearsal);
    expect(body.cells.map(({ part, setup }) => [part, setup.engine, setup.rate])).toEqual([
      ['benchmark', 'ws', 500_000],
      ['benchmark', 'uws', 500_000],
    ]);
    expect(rehearsal.tickPlans.at(-1)?.clientId).toBe('tauri-rust');
  });

  it('keeps what was measured when it is interrupted', async () => {
    const rehearsal = rehearse();
    const { ticks } = rehearsal;
    rehearsal.ticks = (plan) => {
      if (rehearsal.tickPlans.length === 5) rehearsal.interrupt.abort();
      return ticks(plan);
    };
    const { outcome, body } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'interrupted', message: 'stopped by a signal in 1,000,000/s JSON' });
    expect(body.cells).toHaveLength(3);
  });

  it('asks a server for its highest rate, and starts the one engine that was asked for', () => {
    const { options } = rehearse({}, { maxRate: 8_000_000, engines: ['uws'] }).context();
    expect(firehose.overrides(options).map(({ name, value }) => [name, value])).toEqual([
      ['MAX_TICK_RATE', '8000000'],
      ['ENGINE', 'uws'],
    ]);
    expect(firehose.overrides(rehearse().context().options)).toEqual([]);
  });
});
