import { describe, expect, it } from 'vitest';
import type { GeneratorName } from './generator-catalogue.ts';
import type { MemoryRow } from './summary.ts';
import { memoryTable } from './tables.ts';

function row(generator: GeneratorName, bytesPerConnection: number, ci95Bytes: number): MemoryRow {
  const toOurs = generator === 'touchline' ? null : 3;
  return { generator, bytesPerConnection, ci95Bytes, toOurs, baseBytes: 1e6, connectionsPerCore: 1 };
}

describe('the table of memory', () => {
  it('divides by slopes that stand above their noise', () => {
    const [, , ws] = memoryTable([row('touchline', 5_000, 500), row('ws', 15_000, 14_000)]);
    expect(ws?.slice(3, 5)).toEqual(['3.00', '66,667']);
  });

  it('divides by no slope that noise could have made', () => {
    const [, ours, ws] = memoryTable([row('touchline', 5_000, 6_000), row('ws', 15_000, 15_000)]);
    expect([ours?.[4], ws?.[3], ws?.[4]]).toEqual(['n/a', 'n/a', 'n/a']);
    const [, , known] = memoryTable([row('touchline', -5_000, 6_000), row('ws', 15_000, 1_000)]);
    expect(known?.slice(3, 5)).toEqual(['n/a', '66,667']);
  });
});
