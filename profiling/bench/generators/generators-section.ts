/** The section of BENCHMARKS.md, and the same on the terminal. Pure. */

import { formatDuration, formatInstant, formatPlural } from '../../report/format.ts';
import { formatCount, formatList, formatPercent } from '../../verdict/quantities.ts';
import { alignTable, markdownTable } from '../peers/ratio-table.ts';
import { HOLD_BROADCASTS_PER_SECOND } from './bench-cells.ts';
import { GENERATORS } from './generator-catalogue.ts';
import type { GeneratorsReport } from './generators-report.ts';
import { answerTable, GENERATOR_HEAD, memoryTable, speedTable, type TextTable } from './tables.ts';

interface TitledTable {
  readonly title: string;
  readonly text: string;
  readonly table: TextTable;
}

/** Markdown, without the markers. */
export function generatorsSection(report: GeneratorsReport): string {
  return [
    '## Beside other load generators',
    settingLines(report),
    HOW_IT_IS_MEASURED,
    ...tablesOf(report).map(
      ({ title, text, table }) => `### ${title}\n\n${text}\n\n${markdownTable(table, GENERATOR_HEAD)}`,
    ),
    `### What each says by itself\n\n${byItselfLines(report)}`,
    `### What was measured\n\n${measuredLines(report)}`,
    problemLines(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The tables as text. */
export function generatorsText(report: GeneratorsReport): string {
  return tablesOf(report)
    .map(({ title, table }) => `${title}\n${alignTable(table, GENERATOR_HEAD)}`)
    .join('\n\n');
}

function tablesOf(report: GeneratorsReport): readonly TitledTable[] {
  return [...speedTables(report), ...memoryTables(report), ...answerTables(report)];
}

function settingLines({ setting }: GeneratorsReport): string {
  const { command, startedAt, durationMs, environment, otherLoadRatio } = setting;
  const other =
    otherLoadRatio === null ? '' : `, other programs took up to ${formatPercent(otherLoadRatio)} of it`;
  return [
    '```',
    command,
    '```',
    '',
    `${formatInstant(startedAt)} on ${environment}${other}; it took ${formatDuration(durationMs)}.`,
  ].join('\n');
}

const HOW_IT_IS_MEASURED = [
  "One bare server, a process of its own, writes a turn's broadcasts once to each connection and counts what it wrote. In each",
  'turn a fresh generator connects, receives a warm-up and then the measured stream; each has its turn in each round. CPU time is',
  'that of all its processes, from `/proc`, from the first broadcast until it has checked the last: a mark behind the stream',
  'that each connection answers (ours is asked by a ping). All check the sequence number in the JSON text of every message, and none',
  'parses the whole of one that is the next in order (with `JSON.parse`, k6 takes two and a half times as long). Every count of messages,',
  "lost and repeated is compared with the server's. *touchline* is a worker of its generator with its whole ledger, which also",
  'times every delivery in the tables of speed and memory; the others are spared that there. k6 has fifty connections a virtual user,',
  'and but for the part memory GOGC=400: so it is at its best.',
].join('\n');

function speedTables({ speed }: GeneratorsReport): readonly TitledTable[] {
  return speed.map(({ cell, rows }) => {
    const { connections, broadcastsPerSecond, turnMs, measureMs } = cell.plan;
    const perWrite = (broadcastsPerSecond * turnMs) / 1_000;
    return {
      title: `Speed: ${formatCount(connections)} connections, ${formatCount(broadcastsPerSecond)} broadcasts/s, a write every ${turnMs} ms`,
      text: `About ${formatPlural(Math.max(Math.round(perWrite), 1), 'message')} a write. Medians of ${formatPlural(cell.rounds, 'round')} of ${formatDuration(measureMs)}; the ratio is the geometric mean of the same rounds.`,
      table: speedTable(rows),
    };
  });
}

function memoryTables({ memory }: GeneratorsReport): readonly TitledTable[] {
  if (memory.rows.length === 0) return [];
  const counts = formatList(memory.counts.map(formatCount));
  return [
    {
      title: 'Memory: connections that receive a little',
      text: `Resident memory of all processes at ${counts} connections (${formatPlural(memory.rounds, 'round')}), ${HOLD_BROADCASTS_PER_SECOND} broadcasts/s to each: the slope, and where it begins. Connections a core: what one core holds at that rate.`,
      table: memoryTable(memory.rows),
    },
  ];
}

function answerTables({ answers, generators }: GeneratorsReport): readonly TitledTable[] {
  return answers.map(({ cell, turns }) => ({
    title: `Known answer: ${cell.title}`,
    text: "In brackets: what the server did, from each broadcast's time to the write of its copy. *From intended* is from when it was due, *from send* from when it was sent.",
    table: answerTable(turns, generators),
  }));
}

function byItselfLines({ measured, unavailable }: GeneratorsReport): string {
  return [...measured, ...unavailable]
    .map(({ name }) => `- ${GENERATORS[name].title}: ${GENERATORS[name].byItself}`)
    .join('\n');
}

function measuredLines({ measured, unavailable }: GeneratorsReport): string {
  return [
    ...measured.map(({ name, version }) => `- ${GENERATORS[name].title}: ${version}`),
    ...unavailable.map(({ name, reason }) => `- ${GENERATORS[name].title}: **not measured**. ${reason}`),
  ].join('\n');
}

function problemLines({ problems }: GeneratorsReport): string {
  return problems.length === 0 ? '' : `### Problems\n\n${problems.map((text) => `- ${text}`).join('\n')}`;
}
