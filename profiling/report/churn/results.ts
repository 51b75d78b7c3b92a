/** How clients came, how they ended, and how the silent ones were found. */

import type { ChurnAnalysis, Ends, HalfOpenFigures, Visits } from '../../analysis/churn/churn-analysis.ts';
import type { LatencyFigures } from '../../analysis/tier-analysis.ts';
import {
  formatCores,
  formatCount,
  formatHeartbeats,
  formatMs,
  formatRate,
  formatReasons,
} from '../../verdict/quantities.ts';
import { formatDuration } from '../format.ts';
import { type Block, type Cell, type Column, cell, type Section } from '../report-document.ts';
import type { JudgedChurnRun } from './judged-churn-run.ts';
import { formatShare } from './share.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function resultsSection({ analysis, record }: JudgedChurnRun): readonly Section[] {
  const { visits, ends, halfOpen } = analysis;
  if (visits === null || ends === null || halfOpen === null) return [];
  const { serverWindow } = record;
  return [
    {
      id: 'results',
      title: 'Results of the churn',
      blocks: [
        { kind: 'heading', text: 'Connecting' },
        connectTable(visits, analysis),
        {
          kind: 'paragraph',
          tone: 'muted',
          text: `A handshake lasts from opening the socket to the welcome; what the generator itself was late stands apart as schedule lag. The server meanwhile: ${formatCores(serverWindow.cpuCores)} of CPU, loop delay p99 ${formatMs(serverWindow.loopDelayP99Ms)}. n/a: fewer than 10 ÷ (1 − q) samples.`,
        },
        { kind: 'heading', text: 'How clients ended' },
        endsTable(ends, visits),
        { kind: 'heading', text: 'How silent clients were found' },
        halfOpenTable(halfOpen, analysis.heartbeatMs),
        ...unnoticedParagraph(analysis),
      ],
    },
  ];
}

function connectTable(visits: Visits, { storm }: ChurnAnalysis): Block {
  const columns = [
    'Attempted',
    'Connected',
    'Accepted',
    'Asked for',
    'Most open',
    'Handshake p50',
    'p95',
    'p99',
    'Max',
    'Schedule lag p99',
  ];
  const { handshake, scheduleLag, accepted } = visits;
  const churn = [
    cell('churn'),
    cell(formatCount(visits.attempted)),
    cell(formatCount(visits.connected), visits.connected < visits.attempted ? 'bad' : undefined),
    cell(formatRate(accepted.achievedPerSecond)),
    cell(formatRate(accepted.requestedPerSecond)),
    cell(formatCount(visits.mostOpen)),
    ...percentiles(handshake),
    cell(formatMs(scheduleLag.p99Ms ?? scheduleLag.maxMs)),
  ];
  const inStorm =
    storm === null
      ? []
      : [
          [
            cell('storm'),
            cell(formatCount(storm.clients)),
            cell(formatCount(storm.handshake.n), storm.handshake.n < storm.clients ? 'bad' : undefined),
            cell('all at once'),
            cell('–'),
            cell(formatCount(storm.returned)),
            ...percentiles(storm.handshake),
            cell('–'),
          ],
        ];
  return { kind: 'table', columns: [{ title: 'Part' }, ...columns.map(right)], rows: [churn, ...inStorm] };
}

function percentiles({ p50Ms, p95Ms, p99Ms, maxMs }: LatencyFigures): readonly Cell[] {
  return [p50Ms, p95Ms, p99Ms, maxMs].map((ms) => cell(formatMs(ms)));
}

function endsTable(ends: Ends, { attempted }: Visits): Block {
  const rows: readonly (readonly [string, number, string, boolean])[] = [
    ['unsubscribed, closed by a whole handshake', ends.clean, '', false],
    ['reset (TCP RST)', ends.reset, '', false],
    ['fell silent', ends.halfOpen, '', false],
    ['never connected', countOf(ends.notConnected), formatReasons(ends.notConnected), true],
    ['could not subscribe, unsubscribe or close', countOf(ends.failed), formatReasons(ends.failed), true],
    ['ended by the server, unasked', countOf(ends.unasked), formatReasons(ends.unasked), true],
  ];
  return {
    kind: 'table',
    columns: [{ title: 'End' }, right('Clients'), right('Share'), { title: 'Reasons' }],
    rows: rows.map(([what, count, reasons, isBad]) => [
      cell(what),
      cell(formatCount(count), isBad && count > 0 ? 'bad' : undefined),
      cell(attempted === 0 ? '–' : formatShare(count / attempted)),
      cell(reasons === '' ? '–' : reasons),
    ]),
  };
}

function halfOpenTable(found: HalfOpenFigures, heartbeatMs: number | null): Block {
  const { detection } = found;
  return {
    kind: 'table',
    columns: [
      ...['Silent', 'Found', 'Never', 'p50', 'p95', 'Longest', 'Heartbeat', 'Longest in heartbeats'].map(
        right,
      ),
      { title: 'How the server ended them' },
    ],
    rows: [
      [
        cell(formatCount(found.silent)),
        cell(formatCount(found.detected)),
        cell(formatCount(found.missed), found.missed > 0 ? 'bad' : undefined),
        cell(formatMs(detection.p50Ms)),
        cell(formatMs(detection.p95Ms)),
        cell(formatMs(detection.maxMs)),
        cell(heartbeatMs === null ? 'not known' : formatDuration(heartbeatMs)),
        cell(formatHeartbeats(found.longestHeartbeats)),
        cell(found.reasons.length === 0 ? '–' : formatReasons(found.reasons)),
      ],
    ],
  };
}

function unnoticedParagraph({ unnoticedEnds }: ChurnAnalysis): readonly Block[] {
  if (unnoticedEnds === null) return [];
  return unnoticedEnds === 0
    ? [
        {
          kind: 'paragraph',
          tone: 'good',
          text: 'Every other end was noticed at once: the heartbeat had nobody to find but the silent ones.',
        },
      ]
    : [
        {
          kind: 'paragraph',
          tone: 'bad',
          text: `Besides the silent ones, the heartbeat had to end ${formatCount(unnoticedEnds)} connections whose clients had closed or reset them: the server had not noticed.`,
        },
      ];
}

function countOf(failures: readonly { readonly count: number }[]): number {
  return failures.reduce((total, { count }) => total + count, 0);
}
