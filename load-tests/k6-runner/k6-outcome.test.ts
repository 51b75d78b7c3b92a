import { describe, expect, it } from 'vitest';
import type { K6Summary } from '../k6/lib/summary.ts';
import { outcomeOf } from './k6-outcome.ts';

const summary = (more: Partial<K6Summary> = {}) =>
  ({
    held: true,
    limits: [],
    iterations: 95,
    droppedIterations: 0,
    unfinished: 0,
    latencyMs: {},
    ...more,
  }) as unknown as K6Summary;
const BROKEN = summary({
  held: false,
  limits: [{ metric: 'm', expression: 'count==0', observed: 1, held: false }],
});

describe('outcomeOf', () => {
  it.each([
    ['held', { code: 0, summary: summary() }, 0, 'pass'],
    ['broken limits', { code: 99, summary: BROKEN }, 1, 'fail'],
    ['clients cut short', { code: 0, summary: summary({ unfinished: 1 }) }, 4, 'inconclusive'],
    ['a script that is wrong', { code: 107, summary: null }, 3, 'none'],
    ['a signal', { code: null, summary: null }, 3, 'none'],
    ['no summary', { code: 0, summary: null }, 3, 'none'],
    ['a server that died', { code: 99, summary: BROKEN, targetEnd: 'gone' }, 3, 'none'],
    ['Ctrl-C', { code: 105, summary: summary(), interrupted: true }, 130, 'none'],
    ['Ctrl-C, and the server gone with it', { code: 99, summary: BROKEN, interrupted: true }, 130, 'none'],
  ])('%s', (_name, end, exitCode, verdict) => {
    const outcome = outcomeOf({ interrupted: false, targetEnd: undefined, ...end });
    expect(outcome).toMatchObject({ exitCode, verdict });
  });

  it('names a server that died by its code', () => {
    const { note } = outcomeOf({ code: 99, interrupted: false, targetEnd: 'it went away', summary: BROKEN });
    expect(note).toBe('TL_TARGET_DIED: it went away');
  });
});
