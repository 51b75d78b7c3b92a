/** Results: what each endpoint did, and which statuses it answered with. */

import type { EndpointAnalysis, HttpAnalysis, HttpLimit } from '../../analysis/http/http-analysis.ts';
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatRate,
  formatReasons,
} from '../../verdict/quantities.ts';
import { type Block, type Cell, type Column, cell, code, type Section } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** What kept the load from being faster, in a table. */
export const LIMIT_WORDS: Readonly<Record<HttpLimit, string>> = {
  server: 'the server’s core',
  autocannon: 'autocannon: the server can do more',
  machine: 'the machine',
  connections: 'the number of connections',
};

export function endpointsSection({ endpoints }: HttpAnalysis): Section {
  return {
    id: 'endpoints',
    title: 'Results by endpoint',
    blocks: [
      endpointTable(endpoints),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Closed load: a connection sends its next request when the one before was answered, so when the server slows down the load does too. Rates are what came through, and waiting that real users would feel is hidden; times and rates are shown, not judged. A percentile needs 10 ÷ (1 − q) answers, so 1,000 for p99.',
      },
      { kind: 'heading', text: 'What became of the requests' },
      outcomeTable(endpoints),
    ],
  };
}

function endpointTable(endpoints: readonly EndpointAnalysis[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Endpoint' },
      ...[
        'Requests/s',
        'Mean answer',
        'p50',
        'p95',
        'p99',
        'Longest',
        'Server CPU',
        'CPU per 1,000 requests',
        'Loop delay p99',
      ].map(right),
      { title: 'What kept it from more' },
    ],
    rows: endpoints.map((endpoint) => {
      const { latency, server } = endpoint;
      return [
        shortName(endpoint),
        cell(formatRate(endpoint.requestsPerSecond)),
        cell(formatBytes(endpoint.meanBytes)),
        ...[latency.p50Ms, latency.p95Ms, latency.p99Ms, latency.maxMs].map((ms) => cell(formatMs(ms))),
        cell(formatCores(server.cpuCores)),
        cell(formatMs(endpoint.cpuMsPerThousand)),
        cell(formatMs(server.loopDelayP99Ms)),
        cell(LIMIT_WORDS[endpoint.limit], endpoint.limit === 'autocannon' ? 'doubtful' : undefined),
      ];
    }),
  };
}

function outcomeTable(endpoints: readonly EndpointAnalysis[]): Block {
  const bad = (count: number): Cell => cell(formatCount(count), count > 0 ? 'bad' : undefined);
  return {
    kind: 'table',
    columns: [
      { title: 'Endpoint' },
      ...['Sent', '2xx', 'Other statuses', 'Timed out', 'No answer', 'Broken off'].map(right),
      { title: 'Which' },
    ],
    rows: endpoints.map((endpoint) => {
      const { non2xx, failures, timeouts } = endpoint;
      const reasons = [
        ...non2xx.map(({ status, count }) => ({ reason: String(status), count })),
        ...failures,
      ];
      return [
        nameCell(endpoint),
        cell(formatCount(endpoint.sent)),
        cell(formatCount(endpoint.ok)),
        bad(non2xx.reduce((sum, { count }) => sum + count, 0)),
        bad(timeouts),
        bad(failures.reduce((sum, { count }) => sum + count, 0)),
        cell(formatCount(endpoint.undetermined)),
        cell(formatReasons(reasons)),
      ];
    }),
  };
}

/** `livez` with what is asked for; a path that was given is its own name. */
export function nameCell({ name, method, path }: EndpointAnalysis): Cell {
  const asked = code(`${method} ${path}`);
  return cell(name === path ? [asked] : [{ strong: name }, ' ', asked]);
}

/** The same where what is asked for is told elsewhere. */
export function shortName({ name, method, path }: EndpointAnalysis): Cell {
  return cell(name === path ? [code(`${method} ${path}`)] : [{ strong: name }]);
}
