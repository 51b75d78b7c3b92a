import { describe, expect, it } from 'vitest';
import { AllocationSites } from './allocation-sites.ts';

interface Called {
  readonly name: string;
  readonly url: string;
  readonly bytes?: number;
  readonly calls?: readonly Called[];
}

const APP = 'file:///app/server.js';

function node({ name, url, bytes = 0, calls = [] }: Called): object {
  const callFrame = { functionName: name, scriptId: '1', url, lineNumber: name.length, columnNumber: 2 };
  return { callFrame, selfSize: bytes, children: calls.map(node) };
}

function sites(...calls: Called[]): AllocationSites {
  return new AllocationSites({ head: node({ name: '(root)', url: '', calls }) });
}

describe('where objects of a class are made', () => {
  it('is the function that calls the constructor most', () => {
    const constructed = (bytes: number): Called => ({ name: 'Session', url: APP, bytes });
    const found = sites(
      { name: 'seldom', url: APP, calls: [constructed(10)] },
      { name: 'open', url: APP, calls: [constructed(900)] },
    ).siteOf('Session', true);
    expect(found).toEqual({ functionName: 'open', url: APP, line: 4, column: 2 });
  });

  it('is the program above the functions of Node', () => {
    const timer: Called = { name: 'Timeout', url: 'node:internal/timers', bytes: 500 };
    const set: Called = { name: 'setInterval', url: 'node:timers', calls: [timer] };
    expect(sites({ name: 'greet', url: APP, calls: [set] }).siteOf('Timeout', true)?.functionName).toBe(
      'greet',
    );
  });

  it('is the constructor where nobody of the program calls it', () => {
    expect(sites({ name: 'new Session', url: APP, bytes: 5 }).siteOf('Session', true)?.functionName).toBe(
      'new Session',
    );
  });

  it('is the hottest function where the constructor is not seen, if it is hot enough', () => {
    const hot = { name: 'hot', url: APP, bytes: 60 };
    expect(sites(hot, { name: 'cold', url: APP, bytes: 40 }).siteOf('Gone', true)?.functionName).toBe('hot');
    const others = ['a', 'bb', 'cccc'].map((name) => ({ name, url: APP, bytes: 50 }));
    expect(sites(hot, ...others).siteOf('Gone', true)).toBeNull();
  });

  it('is not guessed where Node alone calls the constructor, or where nobody asks for a guess', () => {
    const hot = { name: 'hot', url: APP, bytes: 60 };
    expect(sites(hot, { name: 'Socket', url: 'node:net', bytes: 9 }).siteOf('Socket', true)).toBeNull();
    expect(sites(hot).siteOf('Gone', false)).toBeNull();
  });

  it('is never the profiler', () => {
    const profiler: Called = {
      name: 'post',
      url: 'node:inspector',
      bytes: 9e6,
      calls: [{ name: 'Map', url: APP, bytes: 1 }],
    };
    expect(sites(profiler).siteOf('Map', true)).toBeNull();
    expect(sites().siteOf('Map', true)).toBeNull();
  });

  it.each([[null], [{}], [{ head: { callFrame: {}, selfSize: 1, children: [] } }], ['text']])(
    'is not asked of %j',
    (profile) => {
      expect(() => new AllocationSites(profile)).toThrow(/expected a \.heapprofile/);
    },
  );
});
