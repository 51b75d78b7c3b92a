/** BASELINE.md as data: what this server does in every scenario, and what we would fix next. */

import { BASELINE_NAMES, type ScenarioName } from '../../record/run-record.ts';
import { formatBytes, formatCount, formatList } from '../../verdict/quantities.ts';
import { formatDuration, formatInstant } from '../format.ts';
import type { JudgedRun } from '../judged-run.ts';
import {
  type Block,
  type Cell,
  cell,
  code,
  type ReportDocument,
  type RichText,
  type Section,
  strong,
} from '../report-document.ts';
import { CHECK_COLUMNS, checkRow } from '../sections/checks.ts';
import { summarise } from '../summary/summary.ts';
import { fixNext } from './fix-next.ts';

export interface BaselineInput {
  /** One of each scenario, in the order they are told. */
  readonly runs: readonly JudgedRun[];
  /** What each measures: "how many connections …". */
  readonly titles: Readonly<Record<ScenarioName, string>>;
}

/** Environment, every scenario, what comes next. No chart and no link: the file stands alone. */
export function baselineReport({ runs, titles }: BaselineInput): ReportDocument {
  const summary = summarise(
    runs.map((judged) => ({ state: 'judged', scenario: judged.record.scenario, judged })),
  );
  return {
    title: 'Baseline of the reference server',
    verdict: summary.verdict,
    sentence: summary.sentence,
    subtitle: subtitle(runs),
    warnings: warnings(runs),
    keyFigures: [],
    sections: [
      about(runs),
      ...environment(runs),
      ...runs.map((judged) => scenarioSection(judged, titles)),
      nextSection(runs),
    ],
  };
}

function subtitle(runs: readonly JudgedRun[]): string {
  const first = Math.min(...runs.map(({ record }) => record.startedAt));
  const took = runs.reduce((sum, { record }) => sum + Math.max(0, record.finishedAt - record.startedAt), 0);
  return runs.length === 0
    ? 'nothing was run'
    : `${formatCount(runs.length)} scenarios · ${formatInstant(first)} · took ${formatDuration(took)}`;
}

function warnings(runs: readonly JudgedRun[]): readonly RichText[] {
  const quick = runs.filter(({ record }) => record.quick).map(({ record }) => record.scenario);
  const faulty = runs.filter(({ record }) => record.faults.length > 0).map(({ record }) => record.scenario);
  const cut = runs.filter(({ record }) => record.outcome.state !== 'completed');
  return [
    ...(quick.length === 0 ? [] : [`A trial: ${formatList(quick)} ran quick, not in full size.`]),
    ...(faulty.length === 0
      ? []
      : [`Faults were switched on in ${formatList(faulty)}: this is no baseline.`]),
    ...cut.map(({ record }) => `${record.scenario} ended early: this is no baseline of it.`),
  ];
}

function about(runs: readonly JudgedRun[]): Section {
  const missing = BASELINE_NAMES.filter((name) => runs.every(({ record }) => record.scenario !== name));
  const blocks: Block[] = [
    {
      kind: 'paragraph',
      text: [
        'Written by ',
        code('npm run baseline'),
        ', which runs every scenario in full size against the reference server; nothing in it is typed by hand. Each scenario has the command that repeats it.',
      ],
    },
  ];
  if (missing.length > 0) {
    blocks.push({ kind: 'paragraph', text: `Not in this baseline: ${formatList(missing)}.` });
  }
  return { id: 'about', title: 'What this is', blocks };
}

function environment(runs: readonly JudgedRun[]): readonly Section[] {
  const record = runs[0]?.record;
  if (record === undefined) return [];
  const { environment: seen } = record;
  const packages = Object.entries(seen.dependencies).map(([name, version]) => `${name} ${version}`);
  const rows: readonly (readonly [string, string])[] = [
    ['Node, V8', `${seen.node}, ${seen.v8}`],
    ['Machine', `${seen.cpuModel}, ${seen.cores} cores, ${formatBytes(seen.memoryBytes)}`],
    ['System', `${seen.platform}, kernel ${seen.kernel}`],
    ['Limits', `${formatCount(seen.fdLimit)} file descriptors, local ports ${seen.localPortRange ?? 'n/a'}`],
    ['touchline', `${seen.touchlineVersion}, commit ${seen.gitCommit ?? 'unknown'}`],
    ['Packages', packages.join(', ')],
  ];
  return [
    {
      id: 'environment',
      title: 'Environment',
      blocks: [
        {
          kind: 'table',
          columns: [{ title: 'What' }, { title: 'Value' }],
          rows: rows.map(([what, value]) => [cell(what), cell(value)]),
        },
      ],
    },
  ];
}

const TONES = { pass: 'good', fail: 'bad', inconclusive: 'doubtful' } as const;

function scenarioSection(judged: JudgedRun, titles: BaselineInput['titles']): Section {
  const { record, verdict, report, tables, notes } = judged;
  return {
    id: record.scenario,
    title: record.scenario,
    blocks: [
      { kind: 'paragraph', text: `Measures ${titles[record.scenario]}.` },
      { kind: 'command', text: record.command },
      { kind: 'paragraph', text: [strong(verdict.sentence)], tone: TONES[verdict.verdict] },
      { kind: 'heading', text: `Checks of ${record.scenario}` },
      { kind: 'table', columns: CHECK_COLUMNS, rows: verdict.checks.map(checkRow) },
      ...titled(`Key figures of ${record.scenario}`, keyFigures(report)),
      ...titled(`Results of ${record.scenario}`, tables.map(resultTable)),
      ...(notes.length === 0 ? [] : [{ kind: 'list', items: notes } as const]),
      ...titled(
        `Findings of ${record.scenario}`,
        verdict.findings.length === 0
          ? [{ kind: 'paragraph', text: 'Nothing was found that needs attention.' }]
          : [{ kind: 'list', items: verdict.findings.map(findingItem) }],
      ),
    ],
  };
}

function titled(title: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', text: title }, ...blocks];
}

function keyFigures({ keyFigures: figures }: ReportDocument): readonly Block[] {
  if (figures.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [{ title: 'Figure', align: 'right' }, { title: 'What it is' }],
      rows: figures.map(({ value, label }) => [cell([strong(value)]), cell(label)]),
    },
  ];
}

/** As the terminal shows it: the first row is the head. */
function resultTable([head = [], ...rows]: readonly (readonly string[])[]): Block {
  return {
    kind: 'table',
    columns: head.map((title, index) => (index === 0 ? { title } : { title, align: 'right' })),
    rows: rows.map((row): readonly Cell[] => row.map((text) => cell(text))),
  };
}

function findingItem({ title, seen, where, todo }: JudgedRun['verdict']['findings'][number]): RichText {
  return [strong(title), `. ${seen} Where: ${where}. What to do: ${todo}`];
}

function nextSection(runs: readonly JudgedRun[]): Section {
  const items = fixNext(runs).map(
    ({ scenario, what, where, because, todo }): RichText => [
      strong(what),
      ` (${scenario}): ${because}${where === null ? '' : ` Where: ${where}.`} ${todo}`,
    ],
  );
  return {
    id: 'fix-next',
    title: 'What we would fix next',
    blocks: [
      items.length === 0
        ? {
            kind: 'paragraph',
            text: 'Nothing: no scenario failed, nothing in the server gave way, and no check uses half of its limit.',
          }
        : { kind: 'list', items },
    ],
  };
}
