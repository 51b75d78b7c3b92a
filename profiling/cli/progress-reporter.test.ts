import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadProgress } from '../../load-tests/generator/load-observer.ts';
import type { ScenarioProgress } from '../scenarios/scenario.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { fitLine, progressText } from './progress-text.ts';

const LOAD: LoadProgress = {
  phase: 'measure',
  elapsedMs: 2_000,
  remainingMs: 4_000,
  connected: 1_000,
  connectionsWanted: 1_000,
  received: 19_960,
  deliveriesPerSecond: 9_980,
  p99Ms: 4.31,
  latency: new LatencyHistogram(2),
  lost: 0,
  workers: [],
};
const PROGRESS: ScenarioProgress = {
  phase: 'measure',
  step: 'tier 3/3',
  connections: 1_000,
  load: LOAD,
  remainingMs: 13_500,
};

describe('progressText', () => {
  it('says phase, tier, connections, rate, p99, loss and time left', () => {
    expect(progressText(PROGRESS)).toBe(
      'tier 3/3 · measuring · 1,000/1,000 connected · 9,980/s · p99 4.31 ms · lost 0 · 14 s left',
    );
  });

  it('leaves out what is not known yet', () => {
    expect(progressText({ ...PROGRESS, phase: 'connect', load: null, remainingMs: 75_000 })).toBe(
      'tier 3/3 · connecting · 1,000 connections · 1 min 15 s left',
    );
    expect(
      progressText({ ...PROGRESS, phase: 'idle', step: '', connections: 0, load: null, remainingMs: 0 }),
    ).toBe('looking at the idle server · 0 s left');
  });

  it('never reaches the last column', () => {
    expect(fitLine('abcdefghij', 6)).toBe('abcd…');
    expect(fitLine('abcde', 6)).toBe('abcde');
  });
});

describe('ProgressReporter', () => {
  function reporter(options: { isTTY?: boolean; quiet?: boolean; colour?: boolean }) {
    const written: string[] = [];
    let nowMs = 0;
    const stream = {
      write: (text: string) => written.push(text),
      isTTY: options.isTTY ?? false,
      columns: 200,
    };
    const { quiet = false, colour = false } = options;
    return {
      written,
      advance: (ms: number) => {
        nowMs += ms;
      },
      progress: new ProgressReporter({ stream, quiet, colour, now: () => nowMs }),
    };
  }

  it('redraws one line on a terminal and clears it at the end', () => {
    const { progress, written } = reporter({ isTTY: true });
    progress.show(PROGRESS);
    progress.show(PROGRESS);
    progress.clear();
    progress.clear();
    const line = `\r\u001b[2K${progressText(PROGRESS)}`;
    expect(written).toEqual([line, line, '\r\u001b[2K']);
  });

  it('clears the living line before a note, and dims it only when colour is allowed', () => {
    const { progress, written } = reporter({ isTTY: true, colour: true });
    progress.step('calibrating');
    progress.note('done');
    expect(written).toEqual(['\r\u001b[2K\u001b[2mcalibrating\u001b[0m', '\r\u001b[2K', 'done\n']);
  });

  it('writes a plain line a phase and one every five seconds elsewhere', () => {
    const { progress, written, advance } = reporter({});
    progress.show({ ...PROGRESS, phase: 'connect', load: null });
    progress.show(PROGRESS);
    for (let second = 1; second <= 11; second += 1) {
      advance(1_000);
      progress.show(PROGRESS);
    }
    progress.clear();
    expect(written).toHaveLength(4);
    expect(written.join('')).not.toContain('\u001b');
  });

  it('writes nothing when quiet', () => {
    const { progress, written } = reporter({ isTTY: true, quiet: true });
    progress.show(PROGRESS);
    progress.note('x');
    progress.step('y');
    progress.clear();
    expect(written).toEqual([]);
  });
});
