import { describe, expect, it } from 'vitest';
import { sampleOverhead } from '../testing/sample-overhead.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { parseRunRecord } from './parse-run-record.ts';

const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(sampleRecord({ tiers: [] })));

describe('parseRunRecord', () => {
  it('gives back what JSON kept of a record', () => {
    const record = sampleRecord();
    expect(parseRunRecord(JSON.parse(JSON.stringify(record)), 'run.json')).toEqual(record);
  });

  const cases: readonly (readonly [what: string, broken: unknown, sentence: string])[] = [
    [
      'no object',
      7,
      'run.json is no run record: expected "schema": "touchline/run-record"; received nothing',
    ],
    ['null', null, 'expected "schema": "touchline/run-record"; received nothing'],
    ['another schema', { schema: 'k6' }, 'received "k6"'],
    [
      'a newer version',
      { ...json(), schemaVersion: 2 },
      'is a run record of version 2, and this touchline reads version 1 only',
    ],
    ['a wrong type', { ...json(), seed: 'x' }, 'run.json: at /seed expected an integer; received "x"'],
    ['a missing member', { ...json(), command: undefined }, 'at /command expected a value; received nothing'],
    [
      'a wrong union',
      { ...json(), idle: { memory: null, cpuCores: 'much' } },
      'at /idle/cpuCores expected a number or null; received "much"',
    ],
    [
      'a scenario there is not',
      { ...json(), scenario: 'soak' },
      'at /scenario expected one of concurrency, broadcast, memory, churn, firehose, overhead, http; received "soak"',
    ],
    [
      'the body of another scenario',
      { ...json(), scenario: 'overhead' },
      'at /connections expected a value; received nothing',
    ],
    [
      'a wrong constant',
      { ...json(), target: { ...sampleRecord({ tiers: [] }).target, kind: 'borrowed' } },
      'at /target/kind expected "spawned" or "running"; received "borrowed"',
    ],
    ['a wrong element', { ...json(), faults: ['stall', 3] }, 'at /faults/1 expected a string; received 3'],
  ];
  it.each(cases)('refuses %s in a sentence', (_, broken, sentence) => {
    const parse = () => parseRunRecord(JSON.parse(JSON.stringify(broken)), 'run.json');
    expect(parse).toThrowError(sentence);
    expect(parse).toThrowError(expect.objectContaining({ code: 'TL_RECORD_INVALID' }));
  });

  it('reads runs of overhead with latencies by arm, and older ones without', () => {
    for (const isTimed of [true, false]) {
      const record = sampleOverhead({ rounds: 1, isTimed });
      expect(parseRunRecord(JSON.parse(JSON.stringify(record)), 'run.json')).toEqual(record);
    }
  });

  it('does not repeat a long value', () => {
    const parse = () => parseRunRecord({ ...json(), seed: 'x'.repeat(5_000) }, 'run.json');
    expect(parse).toThrowError(/^.{1,160}$/);
  });
});
