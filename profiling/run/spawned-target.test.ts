import { describe, expect, it } from 'vitest';
import { overridesFor } from './spawned-target.ts';

describe('overridesFor', () => {
  it('changes nothing for a full run that the defaults take', () => {
    expect(overridesFor({ connections: 10_000, quick: false })).toEqual([]);
  });

  it('raises the limit above the largest tier and shortens the heartbeat of quick runs, with reasons', () => {
    expect(overridesFor({ connections: 15_000, quick: true })).toEqual([
      { name: 'MAX_CONNECTIONS', value: '15500', why: expect.stringContaining('15000 connections') },
      { name: 'HEARTBEAT_SECS', value: '2', why: expect.any(String) },
    ]);
  });
});
