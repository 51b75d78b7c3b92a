/** SUMMARY.md as data: the same document model as every report. */

import { formatCount } from '../../verdict/quantities.ts';
import type { VerdictWord } from '../../verdict/verdict.ts';
import { formatDuration, formatInstant } from '../format.ts';
import {
  type Cell,
  cell,
  code,
  link,
  type ReportDocument,
  type RichText,
  type Section,
  strong,
  type Tone,
} from '../report-document.ts';
import { CHECK_COLUMNS, checkRow } from '../sections/checks.ts';
import type { Repair, Summary, SummaryRun } from './summary.ts';

export interface SummaryReportInput {
  readonly summary: Summary;
  /** Where the report of a scenario is, relative to the summary. */
  readonly hrefOf: (run: SummaryRun) => string | null;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The command that repeats all of it. */
  readonly command: string;
}

/** What was run, what it says, what to do. */
export function summaryReport(input: SummaryReportInput): ReportDocument {
  const { summary, startedAt, finishedAt } = input;
  const took = formatDuration(Math.max(0, finishedAt - startedAt));
  const quick = summary.runs.some((run) => run.state === 'judged' && run.judged.record.quick);
  return {
    title: 'WebSocket profile: summary',
    verdict: summary.verdict,
    sentence: summary.sentence,
    subtitle: `${formatCount(summary.runs.length)} scenarios${quick ? ', quick' : ''} · ${formatInstant(startedAt)} · took ${took}`,
    warnings: warnings(summary),
    keyFigures: [],
    sections: [
      whatWasRun(input),
      keyFindings(summary),
      ...notPassed(summary),
      repairs(summary),
      recommendations(summary),
      nextStep(summary),
      environment(summary),
      { id: 'repeat', title: 'Repeat it', blocks: [{ kind: 'command', text: input.command }] },
    ],
  };
}

function warnings({ runs }: Summary): readonly RichText[] {
  const judged = runs.flatMap((run) => (run.state === 'judged' ? [run.judged.record] : []));
  const faults = [...new Set(judged.flatMap(({ faults: on }) => on))];
  const cut = judged.filter(({ outcome }) => outcome.state !== 'completed');
  return [
    ...(faults.length === 0
      ? []
      : [['Faults are switched on: ', ...faults.map(code), '. This is no profile of the server.']]),
    ...cut.map(
      ({ scenario, outcome }) =>
        `${scenario} ended early: ${outcome.state === 'completed' ? '' : outcome.message}.`,
    ),
  ];
}

const WORDS: Readonly<Record<VerdictWord, readonly [string, Tone]>> = {
  pass: ['pass', 'good'],
  fail: ['FAIL', 'bad'],
  inconclusive: ['inconclusive', 'doubtful'],
};

function whatWasRun({ summary, hrefOf }: SummaryReportInput): Section {
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: 'Scenario' },
          { title: 'Verdict' },
          { title: 'Took', align: 'right' },
          { title: 'Key figure' },
          { title: 'Report' },
        ],
        rows: summary.runs.map((run) => runRow(run, hrefOf(run))),
      },
    ],
  };
}

function runRow(run: SummaryRun, href: string | null): readonly Cell[] {
  if (run.state === 'broken') {
    return [
      cell([strong(run.scenario)]),
      cell('not measured', 'bad'),
      cell('–'),
      cell([code(run.code), ` ${run.message}`]),
      cell('–'),
    ];
  }
  const { record, verdict, report } = run.judged;
  const [figure] = report.keyFigures;
  const [word, tone] = WORDS[verdict.verdict];
  return [
    cell([strong(run.scenario)]),
    cell(word, tone),
    cell(formatDuration(Math.max(0, record.finishedAt - record.startedAt))),
    cell(figure === undefined ? '–' : `${figure.value} ${figure.label}`),
    cell(href === null ? '–' : [link(href, href)]),
  ];
}

function keyFindings({ keyFindings: found }: Summary): Section {
  const items = found.map(
    ({ scenario, question, answer }): RichText => [strong(question), `: ${answer} (${scenario})`],
  );
  return {
    id: 'key-findings',
    title: 'Key findings',
    blocks: [
      items.length === 0 ? { kind: 'paragraph', text: 'Nothing was measured.' } : { kind: 'list', items },
    ],
  };
}

/** Every check that did not pass, of all runs; no section where all did. */
function notPassed({ runs }: Summary): readonly Section[] {
  const rows = runs.flatMap((run) =>
    run.state === 'broken'
      ? []
      : run.judged.verdict.checks
          .filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
          .map((check) => [cell(run.scenario), ...checkRow(check)]),
  );
  if (rows.length === 0) return [];
  const columns = [{ title: 'Scenario' }, ...CHECK_COLUMNS];
  return [{ id: 'checks', title: 'Checks that did not pass', blocks: [{ kind: 'table', columns, rows }] }];
}

function repairs({ repairs: found }: Summary): Section {
  return {
    id: 'code-to-fix',
    title: 'Code locations to fix',
    blocks:
      found.length === 0
        ? [{ kind: 'paragraph', text: 'None: no scenario failed for a reason that lies in the code.' }]
        : [
            {
              kind: 'list',
              items: found.map(({ scenario, finding }) => [
                code(finding.where),
                `: ${finding.title} (${scenario}). ${finding.seen}`,
              ]),
            },
          ],
  };
}

function recommendations({ repairs: urgent, recommendations: others }: Summary): Section {
  const items = [...urgent, ...others].map(advice);
  return {
    id: 'recommendations',
    title: 'Recommendations',
    blocks: [
      items.length === 0 ? { kind: 'paragraph', text: 'None: nothing was found.' } : { kind: 'list', items },
    ],
  };
}

function advice({ scenario, finding }: Repair): RichText {
  return [strong(finding.title), ` (${scenario}): ${finding.todo}`];
}

function nextStep({ nextStep: { text, command } }: Summary): Section {
  return {
    id: 'next-step',
    title: 'Next step',
    blocks: [
      { kind: 'paragraph', text },
      ...(command === null ? [] : [{ kind: 'command', text: command } as const]),
    ],
  };
}

function environment({ runs }: Summary): Section {
  const record = runs.flatMap((run) => (run.state === 'judged' ? [run.judged.record] : []))[0];
  if (record === undefined) {
    return {
      id: 'environment',
      title: 'Environment',
      blocks: [{ kind: 'paragraph', text: 'Not known: nothing was measured.' }],
    };
  }
  const { node, cpuModel, cores, memoryBytes, platform, kernel, touchlineVersion, gitCommit } =
    record.environment;
  return {
    id: 'environment',
    title: 'Environment',
    blocks: [
      {
        kind: 'list',
        items: [
          `Node ${node.replace(/^v/, '')} on ${cpuModel}, ${cores} cores, ${Math.round(memoryBytes / 1e9)} GB, ${platform}, kernel ${kernel}`,
          `touchline ${touchlineVersion}, commit ${gitCommit ?? 'unknown'}; ${record.target.kind === 'spawned' ? 'the reference server, started for each scenario' : `the server at ${record.target.url}`}, seed ${record.seed}`,
        ],
      },
    ],
  };
}
