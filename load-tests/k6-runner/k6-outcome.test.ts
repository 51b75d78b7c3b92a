import { describe, expect, it } from 'vitest';
import type { K6Summary } from '../k6/lib/summary.ts';
import { outcomeOf } from './k6-outcome.ts';

const summary = (more: Partial<K6Summary> = {}) =>
  ({ iterations: 95, droppedIterations: 0, unfinished: 0, latencyMs: {}, ...more }) as K6Summary;

describe('outcomeOf', () => {
  it.each([
    ['held', { code: 0, summary: summary() }, 0, 'pass'],
    ['broken limits', { code: 99, summary: summary() }, 1, 'fail'],
    ['broken limits on a sick rig', { code: 99, summary: summary({ droppedIterations: 3 }) }, 1, 'fail'],
    ['a little less load than asked for', { code: 0, summary: summary({ droppedIterations: 5 }) }, 0, 'pass'],
    ['less load than asked for', { code: 0, summary: summary({ droppedIterations: 6 }) }, 4, 'inconclusive'],
    ['clients cut short', { code: 0, summary: summary({ unfinished: 1 }) }, 4, 'inconclusive'],
    ['a script that is wrong', { code: 107, summary: null }, 3, 'none'],
    ['a signal', { code: null, summary: null }, 3, 'none'],
    ['no summary', { code: 0, summary: null }, 3, 'none'],
    ['Ctrl-C', { code: 105, summary: summary(), interrupted: true }, 130, 'none'],
  ])('%s', (_name, end, exitCode, verdict) => {
    expect(outcomeOf({ interrupted: false, ...end })).toMatchObject({ exitCode, verdict });
  });
});
