import { describe, expect, it } from 'vitest';
import type { CpuProfileRecord, ProfiledCall, Profiles } from '../record/profile-record.ts';
import { healthyRun, troubledRun } from '../testing/sample-report.ts';
import { hottestFunctionFindings } from '../verdict/findings/hottest-function.ts';
import { judgedConcurrency } from './concurrency/judged-concurrency.ts';
import type { JudgedRun } from './judged-run.ts';
import { rebaseLinks } from './rebase-links.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { withProfiles } from './with-profiles.ts';

const HOT = {
  functionName: 'burn<Hot>',
  file: 'server/faults/hot-function.ts',
  line: 48,
  room: 'server/faults',
};
const WRITE = { functionName: 'writev', file: '', line: 0, room: 'native writes' };
const call = (of: typeof HOT, caller: number, totalRatio: number): ProfiledCall => ({
  ...of,
  caller,
  totalRatio,
});

const CPU: CpuProfileRecord = {
  step: 'tier 2/2',
  file: 'cpu/tier-2-of-2.cpuprofile',
  durationMs: 5_000,
  intervalUs: 1_000,
  samples: 4_000,
  busyMs: 4_000,
  idleRatio: 0.2,
  profilerRatio: 0,
  functions: [
    { ...HOT, selfRatio: 0.5, totalRatio: 0.8 },
    { ...WRITE, selfRatio: 0.3, totalRatio: 0.3 },
  ],
  rooms: [
    { room: 'server/faults', selfRatio: 0.7 },
    { room: 'native writes', selfRatio: 0.3 },
  ],
  calls: [call(HOT, -1, 0.8), call(WRITE, 0, 0.3)],
};
const PROFILES: Profiles = {
  cpu: [{ ...CPU, step: 'tier 1/2', file: 'cpu/tier-1-of-2.cpuprofile', calls: [] }, CPU],
  heap: [],
  windows: 3,
  missing: ['tier 3/3: it went away'],
};

/** Judged and drawn once: that is most of the work. */
const HEALTHY = judgedConcurrency(healthyRun().record);
const TROUBLED = judgedConcurrency(troubledRun().record);

function judged(profiles: Profiles, run = HEALTHY): JudgedRun {
  return withProfiles({ ...run, record: { ...run.record, profiles } });
}
const markdownOf = ({ report }: JudgedRun) => renderMarkdown(report, (name) => `${name}.svg`);
const idsOf = ({ report }: JudgedRun) => report.sections.map(({ id }) => id);

describe('a run without profiles', () => {
  it('stays what it is', () => {
    expect(withProfiles(HEALTHY)).toBe(HEALTHY);
  });
});

describe('a run with profiles', () => {
  it('names the hottest function first, its place and its share', () => {
    const run = judged(PROFILES);
    expect(idsOf(run)).toEqual(expect.arrayContaining(['findings', 'cpu-profile', 'validity']));
    expect(idsOf(run).indexOf('cpu-profile')).toBe(idsOf(run).indexOf('findings') + 1);
    const text = markdownOf(run);
    expect(text).toContain(
      '**burn\\<Hot>** at `server/faults/hot-function.ts:48` is the hottest function: 50 % of busy time.',
    );
    expect(text).toContain('In tier 2/2 the server was busy for 4,000 ms of 5 s (80 %).');
    expect(text).toContain(
      '| `burn<Hot>` | 50 % | 80 % | server/faults/hot-function.ts:48 | server/faults |',
    );
    expect(run.notes).toContain(
      'Hottest function: burn<Hot> (server/faults/hot-function.ts:48), 50 % of busy time in tier 2/2.',
    );
    expect(run.highlights.at(-1)?.question).toBe('Hottest function');
  });

  it('tells shares of idle time, garbage collection and native writes, also where they are none', () => {
    const text = markdownOf(judged(PROFILES));
    expect(text).toContain('| idle, of the window | 20 % | 1,000 ms |');
    expect(text).toContain('| garbage collection | 0 % | 0.00 ms |');
    expect(text).toContain('| native writes | 30 % | 1,200 ms |');
  });

  it('links the profile of every window, and names those that have none', () => {
    const run = judged(PROFILES);
    expect(markdownOf(run)).toContain('[cpu/tier-1-of-2.cpuprofile](cpu/tier-1-of-2.cpuprofile)');
    expect(markdownOf(run)).toContain('### Every window: the 2 largest of 3');
    expect(markdownOf(run)).toContain('- tier 3/3: it went away');
    expect(renderMarkdown(rebaseLinks(run.report, '../run-1'), String)).toContain(
      '(../run-1/cpu/tier-1-of-2.cpuprofile)',
    );
  });

  it('draws a flame graph that escapes names and is as wide as what was called', () => {
    const html = renderHtml(judged(PROFILES).report);
    expect(html).not.toContain('burn<Hot>');
    expect(html).toContain('<title>burn&lt;Hot&gt; (server/faults/hot-function.ts:48): 80 %</title>');
    expect(html).toContain('<title>writev (native): 30 %</title>');
    const chart = judged(PROFILES)
      .report.sections.flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'charts' ? block.charts : []))
      .find(({ name }) => name === 'flame-graph');
    expect(chart?.inlineSvg).toContain('width="863"');
    expect(chart?.inlineSvg).not.toMatch(/fill="#/);
    expect(chart?.svg).toMatch(/^<svg width="1080" height="\d+" xmlns=/);
  });

  it('says who allocates what stays', () => {
    const { busyMs: _, idleRatio: __, profilerRatio: ___, intervalUs: ____, samples: _____, ...shared } = CPU;
    const heap = { ...shared, intervalBytes: 4_096, liveBytes: 1_000_000 };
    const run = judged({ ...PROFILES, cpu: [], heap: [heap] });
    expect(idsOf(run)).toContain('heap-profile');
    expect(idsOf(run)).not.toContain('cpu-profile');
    expect(markdownOf(run)).toContain(
      'allocated most of what was alive at the end of tier 2/2: 50 % of 1.0 MB.',
    );
  });

  it('says so where no window could be profiled', () => {
    const run = judged({ cpu: [], heap: [], windows: 1, missing: ['tier 1/1: refused'] });
    expect(markdownOf(run)).toContain('These windows have no profile:');
  });
});

describe('the cause of a limit that broke', () => {
  const titlesOf = ({ verdict }: JudgedRun) => verdict.findings.map(({ title }) => title);

  it('is the hottest function of a busy server', () => {
    const run = judged(PROFILES, TROUBLED);
    expect(titlesOf(run)).toContain('Hottest function: burn<Hot>');
    expect(markdownOf(run)).toContain('burn\\<Hot> took 50 % of that itself, 80 % with what it calls.');
  });

  it('is not CPU where the server was idle', () => {
    const idle = { ...CPU, idleRatio: 0.97 };
    const { verdict } = judged(PROFILES, TROUBLED);
    const latencyOnly = verdict.checks.filter(({ name }) => name !== 'cpu-per-1000');
    expect(hottestFunctionFindings({ ...PROFILES, cpu: [idle] }, latencyOnly)).toMatchObject([
      { title: 'CPU is not what broke', seen: expect.stringContaining('idle for 97 %') },
    ]);
  });

  it('is not looked for where none broke', () => {
    expect(titlesOf(judged(PROFILES))).not.toContain('Hottest function: burn<Hot>');
  });
});
