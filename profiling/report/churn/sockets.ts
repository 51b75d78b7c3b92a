/** File descriptors and TIME_WAIT, in numbers. */

import type { ChurnAnalysis, FdFigures, TimeWaitFigures } from '../../analysis/churn/churn-analysis.ts';
import { formatCount, formatMs } from '../../verdict/quantities.ts';
import { type Block, type Column, cell, type Section } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function socketsSection({ fds, timeWait }: ChurnAnalysis): readonly Section[] {
  const blocks = [
    ...(fds === null ? [] : fdBlocks(fds)),
    ...(timeWait === null ? [] : timeWaitBlocks(timeWait)),
  ];
  return blocks.length === 0 ? [] : [{ id: 'sockets', title: 'File descriptors and TIME_WAIT', blocks }];
}

function fdBlocks({ baseline, peak, settled, end, isExact }: FdFigures): readonly Block[] {
  return [
    {
      kind: 'table',
      columns: [
        { title: 'File descriptors of the server' },
        ...['Before', 'Most', 'After the churn', 'At the end'].map(right),
      ],
      rows: [
        [
          cell(isExact ? 'without sockets of scrapes (the most: with them)' : 'all'),
          ...[baseline, peak, settled, end].map((count) => cell(formatCount(count))),
        ],
      ],
    },
  ];
}

function timeWaitBlocks({ peak, baseline }: TimeWaitFigures): readonly Block[] {
  return [
    {
      kind: 'table',
      columns: [
        { title: 'Sockets in TIME_WAIT' },
        ...["At the server's end", "At the clients' end", 'Together'].map(right),
      ],
      rows: [
        [cell('before'), ...counts(baseline)],
        [cell(`most, ${formatMs(peak.elapsedMs)} after the start`), ...counts(peak)],
      ],
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: 'From /proc/net/tcp and tcp6, for the ports of this server alone. Whoever closes first waits, 60 s on Linux; who is first after a closing handshake is a race of some microseconds. A reset leaves none.',
    },
  ];
}

function counts({ server, client }: { readonly server: number; readonly client: number }) {
  return [server, client, server + client].map((count) => cell(formatCount(count)));
}
