/** Whether the measurement can be trusted: both ends' books, the generator, and autocannon's own figures beside ours. */

import type { EndpointAnalysis, HttpAnalysis } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import { type Block, type Column, cell, code, type Section } from '../report-document.ts';
import { shortName } from './endpoints.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function validitySection(record: HttpRecord, { endpoints }: HttpAnalysis): Section {
  return {
    id: 'validity',
    title: 'Validity: can it be trusted?',
    blocks:
      endpoints.length === 0
        ? [{ kind: 'paragraph', text: 'Nothing was measured.' }]
        : [
            { kind: 'heading', text: 'Counted at both ends' },
            ...countBlocks(record, endpoints),
            { kind: 'heading', text: 'Load generator and steadiness' },
            rigTable(endpoints),
            {
              kind: 'paragraph',
              tone: 'muted',
              text: 'A generator above 80 % of a core, or a late loop, makes rates too low and times too long: then they say what the server does at least. What was lost is lost all the same.',
            },
            { kind: 'heading', text: 'As autocannon itself tells it' },
            ...autocannonBlocks(endpoints),
          ],
  };
}

function countBlocks({ target }: HttpRecord, endpoints: readonly EndpointAnalysis[]): readonly Block[] {
  const seen = endpoints.filter(({ counts }) => counts !== null);
  if (seen.length === 0) {
    const why = target.sees.metrics
      ? 'The metrics of this server have no counter of requests, so nothing can be held against autocannon’s count.'
      : 'The metrics of this server were not seen, so nothing can be held against autocannon’s count; --metrics shows them.';
    return [{ kind: 'paragraph', tone: 'muted', text: why }];
  }
  const rows = seen.flatMap((endpoint) => [
    ...(endpoint.counts?.statuses ?? []).map(({ status, client, server }) => [
      shortName(endpoint),
      cell(`answers with ${status}`),
      cell(formatCount(client)),
      cell(formatCount(server)),
      cell(formatCount(server - client), server === client ? undefined : 'doubtful'),
    ]),
    ...broadcastRow(endpoint),
  ]);
  return [
    {
      kind: 'table',
      columns: [
        { title: 'Endpoint' },
        { title: 'What' },
        ...['autocannon', 'Server', 'Difference'].map(right),
      ],
      rows,
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: 'Warm-up and last answers included. Requests that timed out or broke off here may have been answered there.',
    },
  ];
}

function broadcastRow(endpoint: EndpointAnalysis) {
  const { broadcasts } = endpoint;
  if (broadcasts === null) return [];
  const difference = broadcasts.broadcasts - broadcasts.accepted;
  return [
    [
      shortName(endpoint),
      cell('broadcasts'),
      cell(formatCount(broadcasts.accepted)),
      cell(formatCount(broadcasts.broadcasts)),
      cell(
        formatCount(difference),
        difference === 0 ? undefined : broadcasts.missing > 0 ? 'bad' : 'doubtful',
      ),
    ],
  ];
}

const STEADY_WORDS = { steady: 'yes', 'not-steady': 'no', unknown: 'not known' } as const;

function rigTable(endpoints: readonly EndpointAnalysis[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Endpoint' },
      ...['autocannon CPU (limit 80 %)', 'Its loop p99', 'Limit', 'Machine', 'Connections given up'].map(
        right,
      ),
      { title: 'Steady?' },
    ],
    rows: endpoints.map((endpoint) => {
      const { workers, machineCpuRatio, steadiness, givenUp } = endpoint;
      const [cannon] = workers;
      const late = cannon !== undefined && cannon.loopDelayP99Ms > cannon.loopDelayLimitMs;
      return [
        shortName(endpoint),
        cell(formatPercent(cannon?.cpuRatio ?? null), (cannon?.cpuRatio ?? 0) > 0.8 ? 'doubtful' : undefined),
        cell(formatMs(cannon?.loopDelayP99Ms ?? null), late ? 'doubtful' : undefined),
        cell(formatMs(cannon?.loopDelayLimitMs ?? null)),
        cell(formatPercent(machineCpuRatio)),
        cell(formatCount(givenUp), givenUp > 0 ? 'bad' : undefined),
        cell(
          `${STEADY_WORDS[steadiness.state]}: ${steadiness.detail}`,
          steadiness.state === 'not-steady' ? 'doubtful' : undefined,
        ),
      ];
    }),
  };
}

function autocannonBlocks(endpoints: readonly EndpointAnalysis[]): readonly Block[] {
  const told = endpoints.flatMap((endpoint) =>
    endpoint.autocannon === null ? [] : [{ endpoint, own: endpoint.autocannon }],
  );
  if (told.length === 0) return [{ kind: 'paragraph', text: 'Nothing was sent, so it tells nothing.' }];
  return [
    {
      kind: 'table',
      columns: [
        { title: 'Endpoint' },
        ...['2xx', 'Other', 'Errors', 'Timeouts', 'Requests/s', 'p50', 'p97.5', 'p99', 'Longest'].map(right),
        { title: 'Its JSON, in the folder of the run' },
      ],
      rows: told.map(({ endpoint, own }) => [
        shortName(endpoint),
        ...[own['2xx'], own.non2xx, own.errors, own.timeouts].map((count) => cell(formatCount(count))),
        cell(formatRate(own.requests.average)),
        ...[own.latency.p50, own.latency.p97_5, own.latency.p99, own.latency.max].map((ms) =>
          cell(`${formatCount(ms)} ms`),
        ),
        cell(endpoint.autocannonFile === null ? '–' : [code(endpoint.autocannonFile)]),
      ]),
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: 'Over warm-up and measured window together, in whole milliseconds: what is shorter than one reads 0 ms. Its requests a second are the mean of its samples, the last of which is short.',
    },
  ];
}
