/** `--help`, made from the tables that the program itself reads. */

import { FAULT_CATALOGUE, type FaultName, formatFault } from '../../server/faults/fault-catalogue.ts';
import { BASELINE_NAMES, type ScenarioName } from '../record/run-record.ts';
import { npmScriptOf } from '../report/npm-script.ts';
import { PROFILE_SCENARIOS } from '../scenarios/registry.ts';
import { SCENARIO_TITLES } from '../scenarios/scenario-titles.ts';
import { formatList } from '../verdict/quantities.ts';
import { formatLimit, THRESHOLD_NAMES, THRESHOLDS, thresholdsOf } from '../verdict/thresholds.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { CommandName } from './options/option-definition.ts';
import { isScenario, optionDefault, optionsOf, optionUsage } from './options/options.ts';

/** The three-line script of each scenario. */
export const SCENARIO_SCRIPTS: Readonly<Record<ScenarioName, string>> = {
  concurrency: 'profiling/websocket-concurrent-test.js',
  broadcast: 'profiling/broadcast-test.js',
  memory: 'profiling/memory-test.js',
  churn: 'profiling/churn-test.js',
  overhead: 'profiling/overhead-test.js',
  firehose: 'profiling/firehose-test.js',
  http: 'profiling/http-test.js',
};

function headOf(command: CommandName): string {
  switch (command) {
    case 'profile':
      return `npm run profile -- [options]

Runs ${formatList(PROFILE_SCENARIOS)}, quick, and leaves their reports and SUMMARY.md in profiling/reports/latest.`;
    case 'baseline':
      return `npm run baseline -- [options]

Runs ${formatList(BASELINE_NAMES)} in full size against the reference server and writes profiling/BASELINE.md.`;
    case 'benchmark':
      return `npm run benchmark -- [options]

Reads ticks at one rate with one reader from each engine, and tells the rates of server and reader.`;
    case 'report':
      return `npm run report -- <run.json> [options]

Judges a run again and renders its reports, without running anything.`;
    default:
      return `npm run ${npmScriptOf(command)} -- [options]
node ${SCENARIO_SCRIPTS[command]} [options]

Measures ${SCENARIO_TITLES[command]}.`;
  }
}

const EXAMPLES: Readonly<Record<CommandName, readonly string[]>> = {
  concurrency: [
    'npm run profile:concurrency -- --quick',
    'npm run profile:concurrency -- --tiers 10,100,1000,5000,10000 --duration 10s',
    'npm run profile:concurrency -- --url ws://127.0.0.1:8000/ws --threshold p99=80ms',
    'npm run profile:concurrency -- --quick --fault drop-deliveries=1%',
    'npm run -s profile:concurrency -- --quick --json --quiet',
  ],
  broadcast: [
    'npm run profile:broadcast -- --quick',
    'npm run profile:broadcast -- --connections 1000 --rates 10,50,100,200',
    'npm run profile:broadcast -- --fault duplicate-deliveries=0.5%',
    'npm run profile:broadcast -- --threshold sustained-rate=500/s',
  ],
  memory: [
    'node --expose-gc profiling/memory-test.js',
    'npm run profile:memory -- --cycles 20',
    'npm run profile:memory -- --fault leak-connections=1%',
  ],
  churn: [
    'npm run profile:churn -- --quick',
    'npm run profile:churn -- --connects 500 --storm 5000',
    'npm run profile:churn -- --fault half-close',
  ],
  overhead: ['npm run profile:overhead', 'npm run profile:overhead -- --rounds 30'],
  firehose: [
    'npm run profile:firehose -- --quick',
    'npm run profile:firehose -- --rates 100000,1000000 --max-rate 10000000 --format binary',
    'npm run profile:firehose -- --reader-kinds lean,browser-naive --readers 1',
    'npm run profile:firehose -- --quick --fault drop-deliveries=0.01%',
  ],
  http: [
    'npm run load:http -- --quick',
    'npm run load:http -- --endpoints page,publish --connections 100 --duration 30s',
    'npm run load:http -- --fault slow-loop=3s --timeout 1s',
    'npm run load:http -- --url http://127.0.0.1:3000 --paths /,/health',
  ],
  benchmark: [
    'npm run benchmark -- --mode tauri-rust --rate 1000000 --duration 15',
    'npm run benchmark -- --mode browser-js --rate 500000 --duration 15',
  ],
  baseline: ['npm run baseline', 'npm run baseline -- --from profiling/reports'],
  profile: ['npm run profile', 'npm run profile -- --all --seed 7'],
  report: [
    'npm run report -- profiling/reports/latest/run.json',
    'npm run report -- run.json --threshold p99=20ms',
  ],
};

/** The whole text of a command's `--help`. */
export function renderHelp(command: CommandName): string {
  const sections = [
    headOf(command),
    section('Options', optionRows(command)),
    section('Thresholds', thresholdRows(command)),
  ];
  if (command !== 'report' && command !== 'baseline') sections.push(section('Faults', faultRows()));
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
    const fallback = optionDefault(definition, command);
    return [
      optionUsage(name, definition),
      fallback === '' ? definition.help : `${definition.help} [${fallback}]`,
    ];
  });
}

function thresholdRows(command: CommandName): readonly Row[] {
  const scenario = command === 'benchmark' ? 'firehose' : command;
  const names = isScenario(scenario) ? thresholdsOf(scenario) : THRESHOLD_NAMES;
  const limits = names.map((name) => formatLimit(name, THRESHOLDS[name].limit));
  const width = Math.max(...limits.map((limit) => limit.length));
  return names.map((name, index) => [
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
