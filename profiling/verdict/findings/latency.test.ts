import { describe, expect, it } from 'vitest';
import { analyseTier } from '../../analysis/analyse-tier.ts';
import type { BreachRecord } from '../../record/breach-record.ts';
import type { CpuProfileRecord, ProfiledFunction } from '../../record/profile-record.ts';
import { breachNotes, breachSections } from '../../report/sections/breaches.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { Check } from '../verdict.ts';
import { latencyFinding } from './latency.ts';

const CHECK: Check = {
  name: 'p99',
  title: 'Delivery latency p99',
  threshold: 50,
  observed: 120,
  unit: 'ms',
  verdict: 'fail',
};

function called(functionName: string, file: string, ratio: number): ProfiledFunction {
  return { functionName, file, line: file === '' ? 0 : 21, room: 'x', selfRatio: ratio, totalRatio: ratio };
}

/** A profile of 2 s that was busy for 1 s of it. */
function profileOf(functions: ProfiledFunction[], busyMs = 1_000): CpuProfileRecord {
  return {
    ...{
      step: 'tier 1/1',
      file: 'breach/1.cpuprofile',
      durationMs: 2_000,
      intervalUs: 1_000,
      samples: 2_000,
    },
    ...{ busyMs, idleRatio: 1 - busyMs / 2_000, profilerRatio: 0, functions, rooms: [], calls: [] },
  };
}

function tierOf(breach?: Partial<BreachRecord>) {
  const caught: BreachRecord = {
    ...{ threshold: 'p99', limit: 50, broken: 80, of: 250, elapsedMs: 1_100, seenAt: 1_795_815_584_532 },
    ...{ profile: null, missing: 'nobody knows' },
    ...breach,
  };
  const tier = sampleTier(100, breach === undefined ? {} : { tier: { breach: caught } });
  return analyseTier(tier, sampleRecord());
}

const finding = (breach?: Partial<BreachRecord>, faults: readonly string[] = []) =>
  latencyFinding(CHECK, tierOf(breach), { at: 'at 100 connections', faults });
const NATIVE = called('writeBuffer', '', 0.9);
const OWN = called('block', 'server/faults/slow-loop.ts', 0.5);

describe('a latency that broke its limit', () => {
  it('says what the server did under the same load, and names our function before a hotter one of Node.js', () => {
    expect(finding({ profile: profileOf([NATIVE, OWN]), missing: null }).seen).toContain(
      'p99 broke 1.1 s into the window (80 of 250 deliveries of that half second took longer than 50.0 ms), and the same load was run once more with a profile of the server: it was busy for 50 % of 2.0 s, and block (server/faults/slow-loop.ts:21) took 50 % of that with what it calls.',
    );
  });

  it('names what is hot outside of our code where that is all', () => {
    const small = called('ours', 'server/hub/hub.ts', 0.1);
    expect(finding({ profile: profileOf([NATIVE, small]), missing: null }).seen).toContain(
      'writeBuffer (native code) took 90 %',
    );
  });

  it('names nobody where the server waited', () => {
    expect(finding({ profile: profileOf([OWN], 100), missing: null }).seen).toContain(
      'it was busy for 5.0 % of 2.0 s, and no function took a tenth of that time: it waited, or did many small things.',
    );
  });

  it('names the function of a fault, too', () => {
    const { where } = finding({ profile: profileOf([OWN]), missing: null }, ['slow-loop=100ms']);
    expect(where).toBe('the fault slow-loop=100ms: block (server/faults/slow-loop.ts:21)');
  });

  it('says why nothing could be caught, and nothing where nothing broke live', () => {
    expect(finding({}).seen).toContain('there is no profile (nobody knows).');
    expect(finding().seen).not.toContain('broke');
    expect(finding(undefined, ['stall']).where).toBe('the fault stall');
  });
});

describe('its section of the report', () => {
  const sections = (breach?: Partial<BreachRecord>) =>
    breachSections([tierOf(breach)], ({ connections }) => `At ${connections} connections`);

  it('is not there without a breach', () => {
    expect(sections()).toEqual([]);
  });

  it('is told on the terminal, too', () => {
    const told = breachNotes(
      [tierOf(), tierOf({ threshold: 'p50', limit: 10 })],
      (_tier, index) => `At ${index}`,
    );
    expect(told).toEqual([
      expect.stringMatching(
        /^At 1 p50 broke 1\.1 s .* half second took longer than 10\.0 ms\), and the same load/,
      ),
    ]);
  });

  it('links the profile, shows the server of that second, and says what it cost', () => {
    const [section] = sections({ profile: profileOf([NATIVE, OWN]), missing: null });
    const text = JSON.stringify(section?.blocks);
    expect(text).toContain('"href":"breach/1.cpuprofile"');
    expect(text).toContain('At 100 connections p99 broke 1.1 s into the window');
    expect(text).toMatch(/The server's figures of that second: [\d.]+ core/);
    expect(text).toContain('not measured, because a profile stops the server for a moment');
    expect(section?.blocks.filter(({ kind }) => kind === 'table')).toHaveLength(1);
  });
});
