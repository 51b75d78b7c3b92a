import { describe, expect, it } from 'vitest';
import {
  broadcastStep,
  broadcastTier,
  judgeSampleBroadcast,
  SLOW,
  STARVED,
  sampleBroadcast,
} from '../../testing/sample-broadcast.ts';
import type { TierKnobs } from '../../testing/sample-tier.ts';
import type { BroadcastVerdict } from './broadcast-verdict.ts';

const check = (verdict: BroadcastVerdict, name: string) =>
  verdict.checks.find((candidate) => candidate.name === name);
const sweep = (rate: number, knobs?: TierKnobs) => broadcastStep('sweep', rate, knobs);
const confirmed = (rate: number, knobs?: TierKnobs) => broadcastStep('confirmation', rate, knobs);
const lost = (count: number): TierKnobs => ({
  ledger: { lost: count, unique: 2_000 - count, received: 2_000 - count },
});

describe('a healthy run', () => {
  const verdict = judgeSampleBroadcast();

  it('passes every check, and names the rate and what stopped it', () => {
    expect(verdict.checks.map(({ verdict: word }) => word)).toEqual(Array(12).fill('pass'));
    expect(verdict).toMatchObject({ verdict: 'pass', sustainedRate: 400, requiredRate: 100, judgedStep: 3 });
    expect(verdict.sentence).toMatch(
      /^Pass: the server sustained 400 broadcasts\/s to 100 members \([\d,]+ deliveries\/s\), and every message arrived once and in order: 99 % of deliveries within \d\.\d+ ms, the last member typically 1\.98 ms after the first, 0\.0\d+ core of server CPU\.$/,
    );
    expect(verdict.limitedBy.sentence).toMatch(/^at 1,600\/s limits broke: delivery latency p50 9\d\.\d ms/);
    expect(verdict.steps.map(({ judgement }) => judgement)).toEqual(['held', 'held', 'slow', 'held']);
  });

  it('lets a closed load fill the machine', () => {
    expect(check(verdict, 'healthy-rig')).toMatchObject({ verdict: 'pass', observed: 0 });
  });

  it('tells what became of the slow reader, whose deliveries explain the counters', () => {
    const finding = verdict.findings.find(({ title }) => title.startsWith('Slow readers'));
    expect(finding?.title).toBe('Slow readers do not hold the others up');
    expect(finding?.seen).toContain('closed 1 as slow consumers (4002); at most 900.0 KB waited');
  });
});

describe('readers that stop reading', () => {
  const compared = (without: TierKnobs, withSlow: TierKnobs) => {
    const [first, second] = sampleBroadcast().slowReaders;
    if (first === undefined || second === undefined) throw new Error('the sample has both sides');
    return judgeSampleBroadcast({
      slowReaders: [
        { ...first, tier: broadcastTier(200, without) },
        { ...second, tier: broadcastTier(200, withSlow) },
      ],
    });
  };

  it('hold the others up where both windows are even and one is much slower', () => {
    const verdict = compared({ delayMs: 5 }, { delayMs: 31 });
    expect(verdict.slowReaders?.effect).toBe('held-up');
    expect(verdict.slowReaders?.conclusion).toMatch(/^The others waited longer: p50 rose from /);
    expect(verdict.findings.map(({ title }) => title)).toContain('Slow readers hold the others up');
  });

  it('do not, where a window differs as much from itself', () => {
    const fast = broadcastTier(200).load.latency.response;
    const uneven = { ...broadcastTier(200, { delayMs: 31 }).load.latency, firstHalf: fast };
    const verdict = compared({ delayMs: 5 }, { delayMs: 31, load: { latency: uneven } });
    expect(verdict.slowReaders?.effect).toBe('spared');
    expect(verdict.slowReaders?.conclusion).toMatch(/^No difference that can be told from noise: p50 /);
  });

  it('cannot be told of on a sick rig', () => {
    const verdict = compared({ delayMs: 5 }, { ...STARVED, delayMs: 31 });
    expect(verdict.slowReaders).toMatchObject({ effect: 'unknown' });
    expect(verdict.slowReaders?.conclusion).toMatch(
      /^Nothing can be concluded: .*, and the rig was not healthy\.$/,
    );
  });
});

describe('what did not arrive as it should', () => {
  it.each([
    ['lost', lost(20)],
    ['duplicated', { ledger: { duplicated: 20, received: 2_020 } }],
    ['out-of-order', { ledger: { outOfOrder: 20 } }],
    ['wrong-room', { ledger: { wrongRoom: 20 } }],
  ] as const)('%s fails the run in whatever load it was, beyond what is sustained too', (name, knobs) => {
    const { slowReaders } = sampleBroadcast();
    const places = [
      { steps: [sweep(100, knobs)] },
      { steps: [sweep(100), sweep(400, knobs), confirmed(100)] },
      { closed: sweep(100, knobs).tier },
      { slowReaders: slowReaders.map((side) => ({ ...side, tier: sweep(100, knobs).tier })).slice(0, 1) },
    ];
    for (const place of places) {
      const verdict = judgeSampleBroadcast(place);
      expect(verdict.verdict).toBe('fail');
      expect(check(verdict, name)).toMatchObject({ verdict: 'fail', observed: 20 });
    }
  });

  it('adds up over all loads, and sets the count of the server beside it', () => {
    const step = sweep(100, { ledger: { duplicated: 5, received: 2_005 } });
    const serverCounters = {
      ...step.tier.serverCounters,
      faultInjections: { 'duplicate-deliveries': 5 },
    };
    const faulty = { ...step.tier, serverCounters };
    const verdict = judgeSampleBroadcast({
      faults: ['duplicate-deliveries=0.5%'],
      steps: [{ ...step, tier: faulty }],
      closed: faulty,
      slowReaders: [],
    });
    expect(check(verdict, 'duplicated')?.observed).toBe(10);
    expect(verdict.findings[0]?.seen).toContain(
      'The server itself counts 10 under fault="duplicate-deliveries"',
    );
  });

  it('fails on a starved rig too', () => {
    expect(judgeSampleBroadcast({ steps: [sweep(100, { ...STARVED, ...lost(1) })] }).verdict).toBe('fail');
  });
});

describe('errors', () => {
  const refused = { load: { disconnects: [{ reason: 'close_4002', count: 3 }] } };

  it('fail the run at rates that are asked for', () => {
    const verdict = judgeSampleBroadcast({ steps: [sweep(100, refused)] });
    expect(check(verdict, 'errors')).toMatchObject({ verdict: 'fail', observed: 3 });
  });

  it('of an overload are where the search ends, and are told', () => {
    const verdict = judgeSampleBroadcast({ steps: [sweep(100), sweep(400, refused), confirmed(100)] });
    expect(verdict).toMatchObject({ verdict: 'pass', sustainedRate: 100 });
    expect(check(verdict, 'errors')?.detail).toBe('3 in 400/s, beyond what is sustained, are not counted');
    expect(verdict.steps[1]?.judgement).toBe('broken');
  });
});

describe('the sustained rate', () => {
  it('fails where the server breaks below what is asked for', () => {
    const verdict = judgeSampleBroadcast({
      rates: [50, 100],
      steps: [sweep(50), sweep(100, SLOW), sweep(100, SLOW), confirmed(50)],
    });
    expect(verdict).toMatchObject({ verdict: 'fail', sustainedRate: 50, judgedStep: 2 });
    expect(check(verdict, 'sustained-rate')).toMatchObject({ verdict: 'fail', observed: 50, threshold: 100 });
    expect(check(verdict, 'p99')).toMatchObject({ verdict: 'fail', detail: 'at 100/s (again)' });
    expect(verdict.sentence).toContain(
      'only 50 broadcasts/s held every limit (100/s is asked for, and 100/s broke)',
    );
    expect(verdict.findings[0]?.seen).toContain('at 100/s (again)');
  });

  it('is inconclusive where the rig was the limit', () => {
    const verdict = judgeSampleBroadcast({ steps: [sweep(50), sweep(100, STARVED), confirmed(50)] });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', sustainedRate: 50 });
    expect(check(verdict, 'sustained-rate')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'at 100/s the rig was the limit: the machine of the generator was 99 % busy (limit 90 %)',
    });
    expect(verdict.limitedBy).toMatchObject({ kind: 'machine' });
    expect(verdict.limitedBy.sentence).toContain('at 100/s the rig was the limit');
  });

  it('passes where the rig is the limit above it', () => {
    const verdict = judgeSampleBroadcast({ steps: [sweep(100), sweep(400, STARVED), confirmed(100)] });
    expect(verdict).toMatchObject({ verdict: 'pass', sustainedRate: 100 });
    expect(verdict.findings.map(({ title }) => title)).toContain(
      '100 broadcasts/s are sustained, and the rig was the limit',
    );
  });

  it('does not blame the server for what a starved rig can have added', () => {
    const verdict = judgeSampleBroadcast({ steps: [sweep(100, { ...SLOW, ...STARVED })] });
    expect(verdict.verdict).toBe('inconclusive');
    expect(check(verdict, 'p99')?.verdict).toBe('inconclusive');
  });

  it('takes a limit that was typed, and says what was not measured', () => {
    expect(judgeSampleBroadcast({ thresholds: { 'sustained-rate': 300 } }).verdict).toBe('pass');
    const above = judgeSampleBroadcast({
      thresholds: { 'sustained-rate': 900 },
      steps: [sweep(100), sweep(400), confirmed(400)],
    });
    expect(check(above, 'sustained-rate')).toMatchObject({
      verdict: 'inconclusive',
      detail: '900/s was not measured: add it to --rates',
    });
  });

  it('believes one of two attempts, and a confirmation more than either', () => {
    expect(judgeSampleBroadcast({ steps: [sweep(100, STARVED), sweep(100), confirmed(100)] }).verdict).toBe(
      'pass',
    );
    expect(judgeSampleBroadcast({ steps: [sweep(100), confirmed(100, SLOW)] }).verdict).toBe('fail');
  });
});

describe('a run that did not end by itself', () => {
  it('passes nothing', () => {
    const outcome = { state: 'interrupted', message: 'stopped by Ctrl-C' } as const;
    const verdict = judgeSampleBroadcast({ outcome, steps: [sweep(100)], closed: null, slowReaders: [] });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toContain('stopped by Ctrl-C');
  });

  it('names its end as what limited it, and not the rig', () => {
    const outcome = { state: 'interrupted', message: 'stopped by a signal in 100 broadcasts/s' } as const;
    const cut = sweep(100, { load: { state: 'interrupted' } });
    const verdict = judgeSampleBroadcast({ outcome, steps: [cut], closed: null, slowReaders: [] });
    expect(verdict.limitedBy).toEqual({
      kind: 'none',
      sentence: 'the run ended early: stopped by a signal in 100 broadcasts/s',
    });
  });

  it('says that nothing was measured', () => {
    const outcome = { state: 'aborted', code: 'TL_TARGET_DIED', message: 'the target went away' } as const;
    const verdict = judgeSampleBroadcast({ outcome, steps: [], closed: null, slowReaders: [] });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', sustainedRate: null, judgedStep: null });
  });
});

it('is inconclusive where both ends count differently, in a closed load too', () => {
  const { closed } = sampleBroadcast();
  if (closed === null) throw new Error('the sample has a closed load');
  const serverCounters = { ...closed.serverCounters, deliveries: 1 };
  const verdict = judgeSampleBroadcast({ closed: { ...closed, serverCounters } });
  expect(verdict.verdict).toBe('inconclusive');
  expect(check(verdict, 'healthy-rig')?.detail).toMatch(/^in closed the server counts 1 deliveries/);
});
