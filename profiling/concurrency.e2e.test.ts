/** The scenario end to end on dist/: what passes, what each fault does to it, a starved generator, and a server that ran before. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServerListening } from '../server/protocol/process-messages.ts';
import { outputFolder } from '../server/testing/output-folder.ts';
import {
  CONCURRENCY,
  printedVerdict,
  recordIn,
  runOnHealthyRig,
  runProfiler,
} from './testing/profiler-process.ts';

const out = outputFolder();

const TINY = ['--tiers', '5,20', '--duration', '1s', '--warm-up', '200ms', '--seed', '7'];

describe('profile:concurrency', () => {
  it('passes a healthy server: verdict first on stdout, progress on stderr, nothing left running', async () => {
    const argv = [...TINY, '--out', out.path];
    const { exit, stdout, stderr, profiler } = await runOnHealthyRig(CONCURRENCY, argv);
    expect(stdout, stderr).toMatch(/^Pass: /);
    expect(exit).toBe(0);
    expect(stdout).toContain(join(out.path, 'report.html'));
    expect(stdout).toContain('--seed 7');
    expect(stderr).toContain('measuring');
    expect(stderr).not.toContain('\u001b');
    expect(profiler.spawnedCount).toBeGreaterThanOrEqual(3);
    expect(profiler.leftovers()).toEqual([]);
    const { tiers, outcome, target } = recordIn(out.path, 'concurrency');
    expect(outcome).toEqual({ state: 'completed' });
    expect(tiers.map(({ load }) => [load.connect.connected, load.ledger.lost])).toEqual([
      [5, 0],
      [20, 0],
    ]);
    for (const { load, serverCounters } of tiers) {
      expect(serverCounters.opened).toBe(load.connect.connected);
      expect(serverCounters.deliveries).toBe(load.ledger.received);
    }
    expect(target.sees).toEqual({ metrics: true, forcedGc: true });
    expect(existsSync(join(out.path, 'server.log'))).toBe(true);
    expect([
      tiers.filter(({ breach }) => breach !== undefined),
      existsSync(join(out.path, 'breach')),
    ]).toEqual([[], false]);
  });
});

describe('each fault fails the right check with the right size', () => {
  async function faulty(fault: string, tier: number, duration = '4s') {
    const load = ['--tiers', String(tier), '--duration', duration, '--warm-up', '500ms'];
    const argv = [...load, '--fault', fault, '--out', out.path, '--json'];
    const { exit, stdout, stderr } = await runOnHealthyRig(CONCURRENCY, argv);
    expect(exit, stdout + stderr).toBe(1);
    expect(stderr).toContain(`FAULT switched on: ${fault}`);
    const { checks } = printedVerdict(stdout);
    const record = recordIn(out.path, 'concurrency');
    expect(record.faults).toEqual([fault]);
    const observed = (name: string) => checks.find((check) => check.name === name)?.observed ?? Number.NaN;
    const failed = checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
    return { failed, observed, tier: record.tiers[0] };
  }

  it('refuse-connections: a tenth is not connected', async () => {
    const { failed, observed, tier } = await faulty('refuse-connections=10%', 100, '1s');
    expect(failed).toContain('not-connected');
    expect(observed('not-connected')).toBe(10);
    expect(tier?.load.connect.failures).toEqual([{ reason: 'http_503', count: 10 }]);
    expect(tier?.serverCounters.refused).toBe(10);
  });

  it('drop-deliveries: exactly as many lost as the server left out', async () => {
    const { failed, observed, tier } = await faulty('drop-deliveries=5%', 50, '2s');
    expect(failed).toEqual(['lost']);
    const { expected = 0, lost = 0 } = tier?.load.ledger ?? {};
    expect(lost / expected).toBeCloseTo(0.05, 3);
    expect(observed('lost')).toBe(lost);
    expect(tier?.serverCounters.droppedByReason).toMatchObject({ fault: lost });
  });

  it('delay-deliveries: every percentile is the delay later', async () => {
    const { failed, observed } = await faulty('delay-deliveries=100ms', 50);
    expect(failed).toEqual(expect.arrayContaining(['p50', 'p95', 'p99']));
    expect(observed('p50')).toBeGreaterThanOrEqual(100);
    expect(observed('p50')).toBeLessThan(120);
  });

  it('slow-loop: the tail is as long as the loop is blocked', async () => {
    const { failed, observed, tier } = await faulty('slow-loop=100ms', 50);
    expect(failed).toEqual(expect.arrayContaining(['p95', 'p99']));
    expect(observed('p99')).toBeGreaterThan(70);
    expect(observed('p99')).toBeLessThan(200);
    expect(tier?.serverWindow.loopDelayP99Ms).toBeGreaterThan(50);
    // Without any option: the function that blocks, from a profile of the second in which the limit broke.
    expect(tier?.breach?.profile?.functions).toContainEqual(
      expect.objectContaining({ functionName: 'block', file: 'server/faults/slow-loop.ts' }),
    );
    const report = readFileSync(join(out.path, 'report.md'), 'utf8');
    expect(report).toMatch(/the fault slow-loop=100ms: block \(server\/faults\/slow-loop\.ts:\d+\)/);
    expect(report).toContain('[breach/1.cpuprofile](breach/1.cpuprofile)');
    expect(JSON.parse(readFileSync(join(out.path, 'breach/1.cpuprofile'), 'utf8'))).toHaveProperty('samples');
  });

  it('stall: the longest wait is the stall', async () => {
    const { failed, observed, tier } = await faulty('stall=1000ms', 50);
    expect(failed).toEqual(expect.arrayContaining(['p99']));
    expect(observed('p99')).toBeGreaterThan(700);
    const slowest = Math.max(...(tier?.load.seconds ?? []).map(({ maxMs }) => maxMs ?? 0));
    expect(slowest).toBeGreaterThan(800);
    expect(slowest).toBeLessThan(1_150);
  });
});

describe('--url, --json and --quiet', () => {
  it('measures a server that ran before, and leaves it running; prints exactly one object', async () => {
    const server = fork('dist/server/main.js', [], {
      execArgv: ['--expose-gc'],
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', ADMIN_PORT: '0', ADMIN_TOKEN: 'e2e-token' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      const { wsUrl, adminUrl } = await new Promise<ServerListening>((resolve) =>
        server.once('message', (message) => resolve(message as ServerListening)),
      );
      const address = ['--url', wsUrl, '--admin', adminUrl, '--admin-token', 'e2e-token'];
      const argv = [...TINY, ...address, '--out', out.path, '--json', '--quiet'];
      const { exit, stdout, stderr } = await runOnHealthyRig(CONCURRENCY, argv);
      expect([exit, stderr], stdout).toEqual([0, '']);
      const { target, overrides, tiers } = recordIn(out.path, 'concurrency');
      expect(target).toMatchObject({ kind: 'running', url: wsUrl, sees: { metrics: true, forcedGc: true } });
      expect(overrides).toEqual([]);
      expect(tiers[1]?.serverCounters.opened).toBe(20);
      expect(readFileSync(join(out.path, 'run.json'), 'utf8')).not.toContain('e2e-token');
      expect(server.exitCode).toBeNull();
      expectOneObject(stdout);
    } finally {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
  });

  function expectOneObject(stdout: string): void {
    const printed = printedVerdict(stdout);
    expect(Object.keys(printed)).toEqual([
      ...['scenario', 'verdict', 'checks', 'runFile', 'reportFile', 'htmlFile'],
    ]);
    expect(printed).toMatchObject({ scenario: 'concurrency', verdict: 'pass' });
    for (const check of printed.checks) {
      expect(Object.keys(check)).toEqual(['name', 'threshold', 'observed', 'unit', 'verdict']);
    }
    for (const file of [printed.runFile, printed.reportFile, printed.htmlFile]) {
      expect(readFileSync(file, 'utf8').length).toBeGreaterThan(500);
    }
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  }
});

describe('a starved generator', () => {
  it('makes the run inconclusive: exit 4, with the rig named', async () => {
    const hogs: ChildProcess[] = [];
    try {
      for (let hog = 0; hog < cpus().length * 2; hog += 1) {
        hogs.push(spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }));
      }
      const load = ['--tiers', '200', '--duration', '2s', '--warm-up', '500ms'];
      const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, [...load, '--out', out.path, '--json']);
      expect(exit, stdout + stderr).toBe(4);
      expect(printedVerdict(stdout).verdict).toBe('inconclusive');
      expect(recordIn(out.path, 'concurrency').tiers[0]?.load.machineCpuRatio).toBeGreaterThan(0.9);
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL');
    }
  });
});
