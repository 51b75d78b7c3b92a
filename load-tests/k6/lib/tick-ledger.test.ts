import { expect, it } from 'vitest';
import { TickLedger } from './tick-ledger.ts';

it('a tick ledger sees gaps, doubles, disorder and shared times', () => {
  const ledger = new TickLedger(100);
  const ticks = [101, 103, 102, 103, 104, 106].map((seq) => ({ seq, ts: seq === 104 ? 103 : seq }));
  expect(ticks.map((tick) => ledger.take(tick))).toEqual([
    null,
    null,
    'out_of_order',
    'duplicated',
    'shared_timestamp',
    null,
  ]);
  expect([ledger.expected, ledger.missing, ledger.received]).toEqual([6, 1, 6]);
});
