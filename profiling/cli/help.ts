/** `--help`, made from the tables that the program itself reads. */

import { FAULT_CATALOGUE, type FaultName, formatFault } from '../../server/faults/fault-catalogue.ts';
import { SCENARIOS } from '../scenarios/registry.ts';
import { formatLimit, THRESHOLD_NAMES, THRESHOLDS } from '../verdict/thresholds.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { type CommandName, optionDefault, optionsOf, optionUsage } from './options.ts';

const HEADS: Readonly<Record<CommandName, string>> = {
  concurrency: `npm run profile:concurrency -- [options]
node profiling/websocket-concurrent-test.js [options]

Measures ${SCENARIOS.concurrency.title}.`,
  profile: `npm run profile -- [options]

Runs every scenario, quick, and leaves their reports in profiling/reports/latest.`,
  report: `npm run report -- <run.json> [options]

Judges a run again and renders its reports, without running anything.`,
};

const EXAMPLES: Readonly<Record<CommandName, readonly string[]>> = {
  concurrency: [
    'npm run profile:concurrency -- --quick',
    'npm run profile:concurrency -- --tiers 10,100,1000,5000,10000 --duration 10s',
    'npm run profile:concurrency -- --url ws://127.0.0.1:8000/ws --threshold p99=80ms',
    'npm run profile:concurrency -- --quick --fault drop-deliveries=1%',
    'npm run -s profile:concurrency -- --quick --json --quiet',
  ],
  profile: ['npm run profile', 'npm run profile -- --seed 7'],
  report: [
    'npm run report -- profiling/reports/latest/run.json',
    'npm run report -- run.json --threshold p99=20ms',
  ],
};

/** The whole text of a command's `--help`. */
export function renderHelp(command: CommandName): string {
  const sections = [
    HEADS[command],
    section('Options', optionRows(command)),
    section('Thresholds', thresholdRows()),
  ];
  if (command !== 'report') sections.push(section('Faults', faultRows()));
  sections.push(
    section('Exit codes', exitRows()),
    `Examples\n${EXAMPLES[command].map((line) => `  ${line}`).join('\n')}`,
  );
  return sections.join('\n\n');
}

type Row = readonly [string, string];

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [title, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}

function optionRows(command: CommandName): readonly Row[] {
  return optionsOf(command).map(([name, definition]) => {
    const fallback = optionDefault(definition);
    return [
      optionUsage(name, definition),
      fallback === '' ? definition.help : `${definition.help} [${fallback}]`,
    ];
  });
}

function thresholdRows(): readonly Row[] {
  const limits = THRESHOLD_NAMES.map((name) => formatLimit(name, THRESHOLDS[name].limit));
  const width = Math.max(...limits.map((limit) => limit.length));
  return THRESHOLD_NAMES.map((name, index) => [
    name,
    `${(limits[index] ?? '').padEnd(width)}  ${THRESHOLDS[name].help}`,
  ]);
}

function faultRows(): readonly Row[] {
  return (Object.keys(FAULT_CATALOGUE) as FaultName[]).map((name) => {
    const { defaultValue, help } = FAULT_CATALOGUE[name];
    return [formatFault({ name, value: defaultValue }), help];
  });
}

function exitRows(): readonly Row[] {
  return Object.values(EXIT_CODES).map(({ code, when }) => [String(code), when]);
}
