/** The section of BENCHMARKS.md. Pure. */

import { PEERS } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { formatDuration, formatInstant } from '../../report/format.ts';
import { formatPercent } from '../../verdict/quantities.ts';
import { copyLine, floorTable } from './floor-table.ts';
import type { PeersReport } from './peers-report.ts';
import { BUSY_READER_MARK, groupTable, markdownTable, problemsOf } from './ratio-table.ts';

/** Markdown, without the markers. */
export function peersSection(report: PeersReport): string {
  const { groups, copyBytesPerSecond } = report;
  return [
    '## Beside other servers',
    settingLines(report),
    HOW_TO_READ,
    ...groups.map((group) => `### ${group.title}\n\n${markdownTable(groupTable(group, copyBytesPerSecond))}`),
    floorLines(report),
    `### What was measured\n\n${measuredLines(report)}`,
    problemLines(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function settingLines({ setting }: PeersReport): string {
  const other =
    setting.otherLoadRatio === null
      ? ''
      : `, other programs took up to ${formatPercent(setting.otherLoadRatio)} of it`;
  return [
    '```',
    setting.command,
    '```',
    '',
    `${formatInstant(setting.startedAt)} on ${setting.environment}${other}. ${setting.rounds} rounds, in each of which every server`,
    `has its turn of ${formatDuration(setting.measureMs)} in a fresh process, read by one reader process that checks every message.`,
  ].join('\n');
}

const HOW_TO_READ = [
  'Figures are medians of the rounds; *× plain ws* is the geometric mean of the ratios of the same round, with its 95 % interval.',
  '*Of the floor* holds a row beside a bare socket server that writes prepared buffers, one a socket and turn, in the same round; a',
  'server that decides itself how much goes in one turn, as `/ticks` does, may pass it. *Of copying* is bytes on the wire against',
  'what one core copies. As fast as they go, p50 and p99 tell how much a server and the kernel keep for a reader (of `/ticks`, how far',
  'it is behind a schedule that nothing could keep), not how fast they are: for that read the paced table.',
  `${BUSY_READER_MARK} The reader process was at its limit: the server may be faster.`,
].join('\n');

const FLOOR_TEXT =
  'A bare socket server, prepared buffers, one `socket.write` a socket and turn: what is left when nothing is made or framed.';

function floorLines({ groups, copyBytesPerSecond }: PeersReport): string {
  const table = floorTable(groups);
  const lines = ['### The floor', `${FLOOR_TEXT} ${copyLine(copyBytesPerSecond)}`];
  return [...lines, ...(table === null ? [] : [markdownTable(table)])].join('\n\n');
}

function measuredLines({ measured, unmeasured }: PeersReport): string {
  return [
    ...measured.map(({ title, version }) => `- ${title}: ${version}`),
    ...unmeasured.map(({ name, reason }) => `- ${PEERS[name].title}: **not measured**. ${reason}`),
  ].join('\n');
}

function problemLines({ groups }: PeersReport): string {
  const problems = groups.flatMap(({ cells }) => cells.flatMap(problemsOf));
  return problems.length === 0 ? '' : `### Problems\n\n${problems.map((text) => `- ${text}`).join('\n')}`;
}
