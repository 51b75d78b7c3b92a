/** The options of `memory`, `churn` and `overhead` alone; a part of the option table. */

import type { OptionDefinition } from './option-definition.ts';
import { countReader, parseNumber } from './option-values.ts';

export const SCENARIO_OPTIONS = {
  cycles: {
    form: 'value',
    placeholder: '<count>',
    default: '10',
    quickDefault: '6',
    parse: countReader('cycles', 1_000),
    commands: ['memory'],
    help: 'Cycles that are judged, after three that warm up.',
  },
  'snapshot-heap-limit': {
    form: 'value',
    placeholder: '<MB>',
    default: '64',
    parse: (text) => parseNumber(text, { min: 0, max: 4_000, what: 'MB of heap' }),
    commands: ['memory'],
    help: 'Heap of the server up to which snapshots name what leaks: each stops it for about 0.1 s a MB. Above, counts decide alone; 0 takes none.',
  },
  connects: {
    form: 'value',
    placeholder: '<per second>',
    default: '200',
    parse: (text) => parseNumber(text, { min: 1, max: 5_000, what: 'connects per second' }),
    commands: ['churn'],
    help: 'Connections opened per second.',
  },
  storm: {
    form: 'value',
    placeholder: '<count>',
    default: '1000',
    quickDefault: '500',
    parse: countReader('clients', 15_000, 0),
    commands: ['churn'],
    help: 'Clients that lose their connection at once and come back at once; 0 leaves it out.',
  },
  rounds: {
    form: 'value',
    placeholder: '<count>',
    default: '48',
    quickDefault: '6',
    parse: countReader('rounds', 1_000, 2),
    commands: ['overhead'],
    help: 'Turns in which the instrumentation is switched off and on; logs and profile, which are only shown, have every sixth.',
  },
} as const satisfies Record<string, OptionDefinition>;
