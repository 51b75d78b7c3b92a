import { describe, expect, it } from 'vitest';
import { FAULT_CATALOGUE, type FaultName, formatFault, parseFaults } from './fault-catalogue.ts';

describe('parseFaults', () => {
  it('reads names, values and units', () => {
    expect(parseFaults('stall, slow-loop=50ms,delay-deliveries=2s,drop-deliveries=0.5%,')).toEqual([
      { name: 'stall', value: 1_000 },
      { name: 'slow-loop', value: 50 },
      { name: 'delay-deliveries', value: 2_000 },
      { name: 'drop-deliveries', value: 0.5 },
    ]);
    expect(parseFaults('')).toEqual([]);
  });

  it.each([
    'explode',
    'stall=',
    'stall=x',
    'stall=1%',
    'stall=1=2',
    'stall=0',
    'drop-deliveries=101',
    'drop-deliveries=1ms',
  ])('refuses %s, saying what was expected', (text) => {
    expect(() => parseFaults(text)).toThrow(
      expect.objectContaining({
        code: 'TL_FAULT_INVALID',
        message: expect.stringMatching(/^expected .*; received "/),
      }),
    );
  });

  it('reads back what formatFault wrote', () => {
    for (const name of Object.keys(FAULT_CATALOGUE) as FaultName[]) {
      const fault = { name, value: FAULT_CATALOGUE[name].defaultValue };
      expect(parseFaults(formatFault(fault))).toEqual([fault]);
    }
  });
});
