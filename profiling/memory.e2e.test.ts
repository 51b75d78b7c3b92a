/** The scenario memory on dist/: a clean server passes, and each leak, whole or of one in a hundred, is named and counted. */

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../server/faults/fault-catalogue.ts';
import type { ServerListening } from '../server/protocol/process-messages.ts';
import type { MemoryRecord } from './record/memory-record.ts';
import { temporaryFolder } from './testing/output-folder.ts';
import { printedVerdict, recordIn, runOnHealthyRig, runProfiler } from './testing/profiler-process.ts';

const MEMORY = 'profiling/memory-test.js';
/** Three cycles of 100: a leak of 1 % is three connections, one more than whoever looks may add. */
const CYCLES = 3;
const CONNECTIONS = 100;
const SHORT = ['--cycles', String(CYCLES), '--duration', '500ms', '--seed', '7'];

async function profile(argv: readonly string[]) {
  const out = await temporaryFolder();
  try {
    const ended = await runOnHealthyRig(MEMORY, [...argv, '--out', out.path, '--json']);
    const said = `${ended.stdout}${ended.stderr}`;
    expect(ended.stdout, said).not.toBe('');
    const { checks, verdict } = printedVerdict(ended.stdout);
    const named = (wanted: string) =>
      checks.filter((check) => check.verdict === wanted).map(({ name }) => name);
    const report = readFileSync(join(out.path, 'report.md'), 'utf8');
    return { ...ended, said, verdict, checks, named, report, record: recordIn(out.path, 'memory') };
  } finally {
    await out.remove();
  }
}

/** What the fault did between baseline and end, by the server's own count. */
function injected({ cycles }: MemoryRecord, fault: FaultName): number {
  const measured = cycles.filter(({ kind }) => kind === 'measured');
  return measured.reduce(
    (total, { serverCounters }) => total + (serverCounters.faultInjections?.[fault] ?? 0),
    0,
  );
}

type Kind = 'structures' | 'listeners' | 'classes';

/** How much more there was of a figure at the end. */
function grown({ baseline, end }: MemoryRecord, kind: Kind, name: string): number {
  return (end?.[kind]?.[name] ?? Number.NaN) - (baseline?.[kind]?.[name] ?? 0);
}

describe('a clean server', () => {
  it('passes, is back at its baseline in every figure, leaves nothing running, and says what three cycles prove', async () => {
    const { exit, verdict, checks, record, report, profiler, said, named, stderr } = await profile(SHORT);
    expect([exit, verdict], said).toEqual([0, 'pass']);
    expect(named('fail')).toEqual([]);
    expect(record.end).toEqual(record.baseline);
    const { structures = {}, bounds = {} } = record.baseline ?? {};
    for (const name of ['hub.messagesHistory', 'hub.closedRing']) {
      expect(structures[name]).toBe(bounds[name]);
    }
    expect(record.cycles.map(({ kind }) => kind)).toEqual([
      ...Array(3).fill('warm-up'),
      ...Array(CYCLES).fill('measured'),
    ]);
    for (const { load, partLeft, left, connected, collected } of record.cycles) {
      expect(load.leftEarly).toEqual({ asked: 50, acknowledged: 50 });
      expect(partLeft?.structures).toMatchObject({ 'hub.roomMembers': 50, 'hub.connections': 100 });
      expect(left?.structures).toMatchObject({ 'hub.roomMembers': 0, 'hub.connections': 0 });
      expect([connected?.forcedGc, collected?.forcedGc]).toEqual([false, true]);
    }
    // Started without the flag, it says what the flag would add.
    expect(stderr).toContain('node --expose-gc profiling/memory-test.js');
    expect(record.profilerHeap).toBeNull();
    for (const title of ['Lifecycle findings', 'Memory test results', 'Leak detection', 'Recommendations']) {
      expect(report).toContain(`## ${title}`);
    }
    expect(profiler.leftovers()).toEqual([]);
    // Three cycles are enough for the counts and not for the slopes.
    const slopes = checks.filter(({ name }) => name.endsWith('-slope'));
    expect(slopes.map((slope) => [slope.verdict, slope.observed])).toEqual([
      ['n/a', null],
      ['n/a', null],
    ]);
    expect(report).toContain('3 cycles are enough for the counts, which are exact with any number of cycles');
    expect(report).toContain('its 95 % bound needs 4 cycles');
  });
});

interface Trace {
  readonly fault: FaultName;
  readonly check: Kind;
  /** The figure that grows by one for each time the fault strikes. */
  readonly figure: string;
  readonly place: RegExp;
  /** Times it strikes in the measured cycles, by its share. */
  readonly strikes: Readonly<Record<'100%' | '1%', number>>;
}

const EACH = { '100%': CYCLES * CONNECTIONS, '1%': (CYCLES * CONNECTIONS) / 100 } as const;
const TRACES: readonly Trace[] = [
  {
    fault: 'leak-connections',
    check: 'structures',
    figure: 'hub.connections',
    place: /server\/hub\/hub\.ts:\d+, Hub\.disconnected/,
    strikes: EACH,
  },
  {
    fault: 'leak-room-members',
    check: 'structures',
    figure: 'hub.roomMembers',
    place: /server\/hub\/hub\.ts:\d+, Hub\.#leave/,
    strikes: EACH,
  },
  {
    fault: 'leak-listeners',
    check: 'listeners',
    figure: 'httpServer:close',
    place: /server\/transport\/peers\.ts:\d+/,
    strikes: EACH,
  },
  {
    fault: 'leak-timers',
    check: 'classes',
    figure: 'Timeout',
    place: /server\/transport\/peers\.ts:\d+/,
    strikes: EACH,
  },
  {
    fault: 'leak-buffers',
    check: 'classes',
    figure: 'Buffer',
    place: /server\/transport\/peers\.ts:\d+/,
    strikes: EACH,
  },
  {
    fault: 'unbounded-history',
    check: 'structures',
    figure: 'hub.messagesHistory',
    place: /server\/hub\/room-history\.ts:\d+, RoomHistory\.keep/,
    // 40 broadcasts a cycle; the first 20 fell out of the history before the baseline.
    strikes: { '100%': CYCLES * 40, '1%': 1 },
  },
];
/** One for each check that can fail; the others take the same way, and are found below by one in a hundred. */
const WHOLE: readonly FaultName[] = ['leak-room-members', 'leak-listeners', 'leak-timers'];

// At the same time: counts are exact on a busy machine, too.
describe.concurrent('each leak', { timeout: 300_000 }, () => {
  it.each(TRACES.filter(({ fault }) => WHOLE.includes(fault)))(
    '$fault fails by $check, naming $figure, as many as the server counts',
    async (trace) => {
      const { fault, check, figure, strikes } = trace;
      const { exit, record, checks, report, said } = await profile([...SHORT, '--fault', fault]);
      expect(exit, said).toBe(1);
      expect(checks.find(({ name }) => name === check)?.verdict, said).toBe('fail');
      expect(injected(record, fault)).toBe(strikes['100%']);
      expect(grown(record, check, figure)).toBe(strikes['100%']);
      const [, finding] = /\n## Findings\n(.*?)\n## /s.exec(report) ?? [];
      expect(finding).toContain(`+${strikes['100%']} `);
      expect(finding).toContain(`The server itself counts ${strikes['100%']} `);
      expect(finding).toMatch(trace.place);
    },
  );

  // Together where the figures keep apart: what a structure holds also holds a timer, so those have a run of their own.
  it.each([
    ['what tracks', ['structures', 'listeners']],
    ['classes', ['classes']],
  ] as const)('of one in a hundred is found and counted in each figure of %s', async (_, kinds) => {
    const traces = TRACES.filter(({ check }) => kinds.some((kind) => kind === check));
    const faults = traces.flatMap(({ fault }) => ['--fault', `${fault}=1%`]);
    const { exit, record, named, report, said } = await profile([...SHORT, ...faults]);
    expect(exit, said).toBe(1);
    expect(named('fail')).toEqual(expect.arrayContaining([...kinds]));
    for (const { fault, check, figure, strikes, place } of traces) {
      expect([figure, injected(record, fault)]).toEqual([figure, strikes['1%']]);
      expect([figure, grown(record, check, figure)]).toEqual([figure, strikes['1%']]);
      expect(report).toMatch(place);
    }
  });
});

describe.concurrent('a server without admin access', () => {
  it('is not judged: counts cannot be seen, and the report says what would show them', async () => {
    const server = fork('dist/server/main.js', [], {
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', ADMIN_PORT: '0', ADMIN_TOKEN: 'e2e-token' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      const { wsUrl, adminUrl } = await new Promise<ServerListening>((resolve) =>
        server.once('message', (message) => resolve(message as ServerListening)),
      );
      const argv = ['--cycles', '1', '--duration', '250ms', '--url', wsUrl, '--admin', adminUrl];
      const out = await temporaryFolder();
      try {
        const { exit, stdout } = await runProfiler(MEMORY, [...argv, '--out', out.path]);
        expect(exit).toBe(4);
        expect(stdout).toMatch(/^Inconclusive: the target does not show what it tracks: .*--admin-token/);
        const { baseline, end, cycles } = recordIn(out.path, 'memory');
        expect([baseline, end]).toEqual([null, null]);
        expect(cycles[0]?.collected?.forcedGc).toBe(false);
      } finally {
        await out.remove();
      }
    } finally {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
  });
});
