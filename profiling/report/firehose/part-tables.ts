/** Modes, sources, kinds of readers, and readers that stopped: each compared in a table of its own. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import { modeRows, ratioText } from '../../verdict/firehose/mode-comparison.ts';
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
} from '../../verdict/quantities.ts';
import { type Block, type Column, cell, type RichText, type Section, strong } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });
const note = (text: RichText): Block => ({ kind: 'paragraph', tone: 'muted', text });

export function modesSection({ cells }: FirehoseAnalysis): readonly Section[] {
  const rows = modeRows(cells);
  if (rows.length === 0) return [];
  return [
    {
      id: 'modes',
      title: 'Ways to write, as fast as each goes',
      blocks: [
        {
          kind: 'table',
          columns: [
            ...['Mode', 'Format', 'Readers'].map((title) => ({ title })),
            ...[
              'Received',
              'to naive',
              'of asked',
              'Frames per write',
              'Writes',
              'Server CPU',
              'per core',
            ].map(right),
          ],
          rows: rows.map(({ cell: one, ...row }) => [
            cell([strong(one.setup.mode)]),
            cell(FORMAT_WORDS[one.setup.format]),
            cell(formatCount(one.setup.readers)),
            cell(formatRate(one.rates.received)),
            cell(`${ratioText({ cell: one, ...row })} ×`),
            cell(formatPercent(one.deliveredRatio)),
            cell(one.framesPerWrite === null ? 'n/a' : one.framesPerWrite.toFixed(1)),
            cell(formatRate(one.writesPerSecond)),
            cell(formatCores(one.server.cpuCores)),
            cell(formatRate(one.receivedPerCore)),
          ]),
        },
        note(
          'Each is asked for more than most can, so that what it achieves is its ceiling: naive makes a write for each tick and reader, framed the same with frames made once, corked one gathering write a turn and reader, coalesced one write of a buffer that all readers share. Where a mode gives all that is asked for, its ceiling is higher, and so is the ratio: see the search.',
        ),
      ],
    },
  ];
}

export function sourcesSection({ cells }: FirehoseAnalysis): readonly Section[] {
  const rows = cells.filter(({ part }) => part === 'sources');
  if (rows.length === 0) return [];
  return [
    {
      id: 'sources',
      title: 'Unique ticks, and ticks that are reused for a millisecond',
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: 'Source' },
            ...['Received', 'Ticks sharing a timestamp', 'of all', 'p99', 'Server CPU', 'per core'].map(
              right,
            ),
          ],
          rows: rows.map((one) => [
            cell([strong(one.setup.source)]),
            cell(formatRate(one.rates.received)),
            cell(formatCount(one.ledger.sharedTimestamps)),
            cell(formatPercent(one.ledger.sharedTimestamps / Math.max(1, one.ledger.received))),
            cell(formatMs(one.latency.p99Ms)),
            cell(formatCores(one.server.cpuCores)),
            cell(formatRate(one.receivedPerCore)),
          ]),
        },
        note(
          'cached-1ms serialises one tick a millisecond and sends it again and again: cheap, and a rate of copies. Copies have one time, so neither their latency nor their loss can be told apart.',
        ),
      ],
    },
  ];
}

export function kindsSection({ cells }: FirehoseAnalysis): readonly Section[] {
  const rows = cells.filter(({ part }) => part === 'kinds');
  if (rows.length === 0) return [];
  const [first] = rows;
  return [
    {
      id: 'reader-kinds',
      title: `Kinds of readers at ${formatRate(first?.setup.rate ?? null)}`,
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: 'Reader' },
            ...[
              'Received',
              'of asked',
              'Held back',
              'Lost',
              'p50',
              'p99',
              'Efficiency',
              'Backlog',
              'Reader CPU',
            ].map(right),
          ],
          rows: rows.map((one) => [
            cell([strong(one.setup.reader)]),
            cell(formatRate(one.rates.received)),
            cell(formatPercent(one.deliveredRatio)),
            cell(formatRate(one.rates.heldBack)),
            cell(formatCount(one.ledger.lost)),
            cell(formatMs(one.latency.p50Ms)),
            cell(formatMs(one.latency.p99Ms)),
            cell(efficiencyText(one)),
            cell(formatRate(one.backlogPerSecond)),
            cell(formatCores(one.readerCores)),
          ]),
        },
        note(
          `Every reader counts every message; of every ${formatCount(first?.timedEvery ?? 1)} messages one is timed, for all kinds alike. browser-naive puts each message into the document, browser-sampled the latest ones once a frame. Efficiency: delivered ÷ buffered; backlog: buffered − delivered. A browser's reader leaves before all that is under way could reach it, so what it lost is known from the numbers of JSON ticks alone.`,
        ),
      ],
    },
  ];
}

/** Delivered ÷ buffered looks like a fault of the server where a reader is what is slow. */
function efficiencyText({ efficiency, setup, ledger }: CellAnalysis): string {
  const isMisleading = setup.slowReaders > 0 || ledger.skipped > 0;
  return `${formatPercent(efficiency)}${isMisleading ? ' (misleading: slow reader)' : ''}`;
}

export function slowReadersSection({ slowReaders }: FirehoseVerdict): readonly Section[] {
  if (slowReaders.length === 0) return [];
  return [
    {
      id: 'slow-readers',
      title: 'A reader that stops',
      blocks: [
        {
          kind: 'table',
          columns: [
            ...['Mode', 'Readers'].map((title) => ({ title })),
            ...[
              'Offered',
              'Buffered',
              'Flushed',
              'Delivered',
              'Held back',
              'Efficiency',
              'Backlog',
              'Most waiting in the server',
              'p99 of the others',
              'RSS',
            ].map(right),
          ],
          rows: slowReaders.flatMap(({ without, withSlow }) =>
            [without, withSlow].map((one) => [
              cell([strong(one.setup.mode)]),
              cell(readersText(one)),
              ...[
                one.rates.offered,
                one.rates.buffered,
                one.rates.flushed,
                one.rates.delivered,
                one.rates.heldBack,
              ].map((rate) => cell(formatRate(rate))),
              cell(efficiencyText(one)),
              cell(formatRate(one.backlogPerSecond)),
              cell(formatBytes(one.server.peakSendQueueBytes)),
              cell(formatMs(one.latency.p99Ms)),
              cell(formatBytes(one.server.rssBytes)),
            ]),
          ),
        },
        ...slowReaders.map(
          ({ mode, conclusion }): Block => ({
            kind: 'paragraph',
            text: [strong(`${mode}:`), ` ${conclusion}`],
          }),
        ),
        note(
          'A reader stops two seconds before the window begins, so its buffers are full by then; beside it stands the same feed to as many readers that all read. In the mode naive everything it is owed is buffered for it, so buffered and delivered part; in the others it is given nothing more once it is over its bound, and the latest tick of each symbol when it reads again; what it never gets is counted as skipped. Held back: offered − buffered. Efficiency (delivered ÷ buffered) says nothing about the server there: a reader that does not read makes it small.',
        ),
      ],
    },
  ];
}

function readersText({ setup: { readers, slowReaders } }: CellAnalysis): string {
  const reading = formatCount(readers - slowReaders);
  return slowReaders === 0 ? reading : `${reading} and ${formatCount(slowReaders)} stopped`;
}
