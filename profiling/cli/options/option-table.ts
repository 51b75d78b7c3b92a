/**
 * Every command-line option once: how it is typed, read, defaulted and explained.
 * Parsing, `--help` and the options section of README.md are made from this table, in this order.
 */

import { FAULT_CATALOGUE, parseFaults } from '../../../server/faults/fault-catalogue.ts';
import { SCENARIO_NAMES } from '../../record/run-record.ts';
import { parseThreshold } from '../../verdict/parse-threshold.ts';
import { THRESHOLD_NAMES } from '../../verdict/thresholds.ts';
import { GENERATOR_OPTIONS } from './generator-option-table.ts';
import { HTTP_OPTIONS } from './http-option-table.ts';
import { LIVE_OPTIONS } from './live-option-table.ts';
import { LOAD_OPTIONS } from './load-option-table.ts';
import { ALL, JUDGING, MEASURING } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseText } from './option-values.ts';
import { PROFILE_OPTIONS } from './profile-option-table.ts';
import { SCENARIO_OPTIONS } from './scenario-option-table.ts';
import { TARGET_OPTIONS } from './target-option-table.ts';
import { TICK_OPTIONS } from './tick-option-table.ts';

export const OPTION_TABLE = {
  quick: {
    form: 'flag',
    commands: [...SCENARIO_NAMES, 'profile', 'baseline'],
    help: 'Fewer steps, shorter windows and a 2 s heartbeat; profile is always quick.',
  },
  all: {
    form: 'flag',
    commands: ['profile'],
    help: 'Runs the scenarios too that profile leaves out: overhead and http.',
  },
  ...LOAD_OPTIONS,
  ...TICK_OPTIONS,
  ...HTTP_OPTIONS,
  ...SCENARIO_OPTIONS,
  ...GENERATOR_OPTIONS,
  out: {
    form: 'optional',
    placeholder: '<folder>',
    absent:
      'profiling/reports/<run id>, copied to profiling/reports/latest; for report: beside run.json; for baseline: profiling',
    parse: (text) => parseText(text, 'a folder'),
    commands: ALL,
    help: 'Folder for run.json and the reports, of several scenarios one folder each; latest is then left alone.',
  },
  from: {
    form: 'optional',
    placeholder: '<folder>',
    absent: 'runs every scenario',
    parse: (text) => parseText(text, 'a folder'),
    commands: ['baseline'],
    help: 'Takes the newest run.json of each scenario in this folder instead of running.',
  },
  threshold: {
    form: 'list',
    names: THRESHOLD_NAMES,
    placeholder: '<name=value>',
    parse: parseThreshold,
    commands: JUDGING,
    help: 'Changes a limit, such as p99=80ms.',
  },
  fault: {
    form: 'list',
    names: Object.keys(FAULT_CATALOGUE),
    placeholder: '<name[=value]>',
    parse: (text) => parseFaults(parseText(text, 'a fault')),
    commands: MEASURING,
    help: 'Switches on a fault in the spawned server: a control that must make the run fail.',
  },
  ...TARGET_OPTIONS,
  ...PROFILE_OPTIONS,
  ...LIVE_OPTIONS,
  json: {
    form: 'flag',
    commands: JUDGING,
    help: 'One JSON object on stdout instead of text (with npm: npm run -s …).',
  },
  quiet: { form: 'flag', commands: ALL, help: 'No progress on stderr.' },
  help: { form: 'flag', commands: ALL, help: 'Shows this text.' },
} as const satisfies Record<string, OptionDefinition>;
