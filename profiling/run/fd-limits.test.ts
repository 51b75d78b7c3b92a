import { describe, expect, it } from 'vitest';
import { assertFdsSuffice, parseFdLimit, workersForFds } from './fd-limits.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max open files            1024                 20000                files
Max locked memory         8388608              8388608              bytes`;

describe('parseFdLimit', () => {
  it('reads the hard limit', () => {
    expect(parseFdLimit(LIMITS)).toBe(20_000);
  });

  it('knows no number where there is none', () => {
    expect(parseFdLimit('Max open files  1024  unlimited  files')).toBeNull();
    expect(parseFdLimit('')).toBeNull();
  });
});

describe('assertFdsSuffice', () => {
  const demand = { largestTier: 19_800, spawnsServer: true, workers: undefined, fdLimit: 20_000 };

  it('lets through what fits, and everything where the limit is unknown', () => {
    expect(() => assertFdsSuffice(demand)).not.toThrow();
    expect(() => assertFdsSuffice({ ...demand, largestTier: 50_000, fdLimit: null })).not.toThrow();
    expect(() => assertFdsSuffice({ ...demand, largestTier: 50_000, spawnsServer: false })).not.toThrow();
  });

  it('refuses more than one server process can hold', () => {
    expect(() => assertFdsSuffice({ ...demand, largestTier: 19_801 })).toThrow(
      /expected at most 19800 connections at a time; received 19801\. One server process may open 20000 files/,
    );
  });

  it('refuses more than the asked-for workers can hold', () => {
    const remote = { ...demand, largestTier: 50_000, spawnsServer: false };
    expect(() => assertFdsSuffice({ ...remote, workers: 2 })).toThrow(/expected --workers 3 or more/);
    expect(() => assertFdsSuffice({ ...remote, workers: 3 })).not.toThrow();
    expect(workersForFds(50_000, 20_000)).toBe(3);
  });
});
