/** How much load there is, and for how long: options that most scenarios share; a part of the option table. */

import { MAX_TICK_RATE_LIMIT } from '../../../server/protocol/tick-messages.ts';
import { MATCHES, TICKS } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { countReader, parseDurationMs, parseNumber, parseNumbers } from './option-values.ts';

/** In a shorter window publishers would count as unanswered that are merely waiting for their first answer. */
const LEAST_CLOSED_MS = 1_000;

function parseClosedMs(text: string): number {
  return parseDurationMs(text, 0) === 0 ? 0 : parseDurationMs(text, LEAST_CLOSED_MS);
}

export const LOAD_OPTIONS = {
  tiers: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,500,1000',
    quickDefault: '10,100,1000',
    parse: (text) =>
      parseNumbers(text, {
        what: 'connection counts',
        min: 1,
        max: 50_000,
        whole: true,
        example: '10,100,1000',
      }),
    commands: ['concurrency'],
    help: 'Connections of each tier, 1 to 50000.',
  },
  connections: {
    form: 'value',
    placeholder: '<count>',
    default: '100',
    per: { http: { default: '10' } },
    parse: countReader('connections', 50_000),
    commands: ['broadcast', 'memory', 'overhead', 'http'],
    help: 'Clients in the match; of memory: clients of each cycle; of http: connections of autocannon.',
  },
  duration: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '4s',
    per: {
      broadcast: { default: '10s', quickDefault: '2s' },
      memory: { default: '500ms', quickDefault: '250ms' },
      churn: { default: '30s', quickDefault: '6s' },
      overhead: { default: '4s', quickDefault: '2s' },
      firehose: { default: '5s', quickDefault: '1s' },
      benchmark: { default: '15s' },
      http: { default: '5s', quickDefault: '1500ms' },
    },
    parse: (text) => parseDurationMs(text, 100),
    commands: [...MATCHES, ...TICKS, 'http'],
    help: 'Measured window of each tier, rate, cycle, turn, cell or endpoint, or of the churn: 500ms, 30s, 2m; a bare number is seconds.',
  },
  'warm-up': {
    form: 'value',
    placeholder: '<time>',
    default: '3s',
    quickDefault: '1s',
    per: {
      broadcast: { default: '2s', quickDefault: '500ms' },
      memory: { default: '0s' },
      overhead: { default: '500ms' },
      firehose: { default: '1s', quickDefault: '200ms' },
      benchmark: { default: '2s' },
      http: { default: '1s', quickDefault: '500ms' },
    },
    parse: (text) => parseDurationMs(text, 0),
    commands: ['concurrency', 'broadcast', 'memory', 'overhead', ...TICKS, 'http'],
    help: 'Load before the measured window, not measured.',
  },
  rate: {
    form: 'value',
    placeholder: '<per second>',
    default: '10',
    per: { memory: { default: '80' }, overhead: { default: '800' }, benchmark: { default: '500000' } },
    parse: (text) => parseNumber(text, { min: 0.1, max: MAX_TICK_RATE_LIMIT, what: 'a rate per second' }),
    commands: ['concurrency', 'memory', 'churn', 'overhead', 'benchmark'],
    help: 'Broadcasts per second, 10000 at most; above 10,000 connections at most 100,000 ÷ connections. Of benchmark: ticks per second.',
  },
  rates: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,200,400,800,1600',
    quickDefault: '100,400,1600',
    per: { firehose: { default: '10000,100000,300000,1000000', quickDefault: '100000,1000000' } },
    parse: (text) =>
      parseNumbers(text, { what: 'rates', min: 0.1, max: MAX_TICK_RATE_LIMIT, example: '10,100,1000' }),
    commands: ['broadcast', 'firehose'],
    help: 'Broadcasts (10000 at most) or ticks per second of the sweep, until one breaks a limit; then the search halves the gap.',
  },
  closed: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '3s',
    parse: parseClosedMs,
    commands: ['broadcast'],
    help: 'How long autocannon then publishes as fast as it is answered, 1s at least; 0 leaves it out.',
  },
  publishers: {
    form: 'value',
    placeholder: '<count>',
    default: '10',
    parse: countReader('publishers', 1_000),
    commands: ['broadcast'],
    help: 'Connections of autocannon.',
  },
  'slow-readers': {
    form: 'value',
    placeholder: '<count>',
    default: '1',
    per: { firehose: { default: '3' } },
    parse: countReader('slow readers', 1_000, 0),
    commands: ['broadcast', 'firehose'],
    help: 'Clients that stop reading in the comparison of slow readers; 0 leaves it out.',
  },
} as const satisfies Record<string, OptionDefinition>;
