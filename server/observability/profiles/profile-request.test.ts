import { describe, expect, it } from 'vitest';
import { TouchlineError } from '../../protocol/touchline-error.ts';
import { CPU_PROFILE, HEAP_PROFILE } from './profile-kinds.ts';
import { parseProfileRequest } from './profile-request.ts';

const parse = (query: string, kind = CPU_PROFILE) => parseProfileRequest(new URLSearchParams(query), kind);

describe('a profile that is asked for', () => {
  it.each([
    ['seconds=2', { what: 'take', seconds: 2, interval: 1_000 }],
    ['seconds=0.25&intervalUs=50', { what: 'take', seconds: 0.25, interval: 50 }],
    ['seconds=600', { what: 'take', seconds: 600, interval: 1_000 }],
    ['do=start', { what: 'start', interval: 1_000 }],
    ['do=start&intervalUs=1000000', { what: 'start', interval: 1_000_000 }],
    ['do=stop', { what: 'stop' }],
  ])('reads %s', (query, request) => {
    expect(parse(query)).toEqual(request);
  });

  it('of the heap has an interval of its own', () => {
    expect(parse('do=start', HEAP_PROFILE)).toEqual({ what: 'start', interval: 4_096 });
    expect(parse('do=start&intervalBytes=512', HEAP_PROFILE)).toEqual({ what: 'start', interval: 512 });
    expect(() => parse('do=start&intervalUs=1000', HEAP_PROFILE)).toThrow(TouchlineError);
  });

  it.each([
    '',
    'seconds=0',
    'seconds=601',
    'seconds=-1',
    'seconds=1e2',
    'seconds=',
    'seconds=1&seconds=2',
    'seconds=1&do=start',
    'do=pause',
    'do=stop&intervalUs=1000',
    'do=start&intervalUs=49',
    'do=start&intervalUs=1000001',
    'do=start&intervalUs=x',
    'second=1',
  ])('refuses "%s" and says what was expected and what came', (query) => {
    const wrong = () => parse(query);
    expect(wrong).toThrow(TouchlineError);
    expect(wrong).toThrow('expected seconds (above 0, at most 600), do=start or do=stop');
    expect(wrong).toThrow(`received "${new URLSearchParams(query)}"`);
  });
});
