/** Findings: what was seen, where, and what to do about it. */

import type { EndpointAnalysis, HttpLimit } from '../../analysis/http/http-analysis.ts';
import { failureFindings } from '../findings/connections.ts';
import { formatCount, formatList, formatMs, formatPercent, formatRate } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { endpointTitle, type HttpContext, placesOf, totalOf } from './http-context.ts';
import { adviceOn } from './status-advice.ts';

/** The gravest first. */
export function findingsOf(context: HttpContext, checks: readonly Check[]): readonly Finding[] {
  const { endpoints } = context.analysis;
  return [
    ...statusFindings(endpoints),
    ...timeoutFindings(context),
    ...failureFindings(endpoints.flatMap(({ failures }) => failures)),
    ...givenUpFindings(endpoints),
    ...broadcastFindings(endpoints),
    ...countFindings(endpoints, checks),
    ...generatorFindings(endpoints),
  ];
}

function statusFindings(endpoints: readonly EndpointAnalysis[]): readonly Finding[] {
  const statuses = new Set(endpoints.flatMap(({ non2xx }) => non2xx.map(({ status }) => status)));
  return [...statuses].map((status) => {
    const guilty = endpoints.filter(({ non2xx }) => non2xx.some((one) => one.status === status));
    const found = guilty.flatMap(({ non2xx }) => non2xx.filter((one) => one.status === status));
    const count = found.reduce((sum, one) => sum + one.count, 0);
    const sample = found.find((one) => one.sample !== null)?.sample ?? null;
    const said = sample === null ? '' : ` The first said: ${sample}`;
    return {
      ...adviceOn(status),
      seen: `${formatCount(count)} of ${formatCount(totalOf(guilty, ({ sent }) => sent))} requests ${placesOf(guilty)} were answered with ${status}.${said}`,
    };
  });
}

function timeoutFindings({ analysis, record }: HttpContext): readonly Finding[] {
  const guilty = analysis.endpoints.filter(({ timeouts }) => timeouts > 0);
  if (guilty.length === 0) return [];
  const seen = `${formatCount(totalOf(guilty, ({ timeouts }) => timeouts))} of ${formatCount(totalOf(guilty, ({ sent }) => sent))} requests ${placesOf(guilty)} had no answer within ${formatMs(record.timeoutMs)}.`;
  if (record.faults.length > 0) {
    return [
      {
        title: 'Answers came too late',
        seen,
        where: `the fault ${record.faults.join(', ')}`,
        todo: 'Nothing: this is the positive control. Run again without --fault.',
      },
    ];
  }
  return [
    {
      title: 'Answers came too late',
      seen,
      where:
        'the event loop of the server, or what its handler waits for; the loop delay stands in the table of endpoints',
      todo: 'Look at the loop delay: a late loop is work on the main thread, a punctual one waits for something else.',
    },
  ];
}

function givenUpFindings(endpoints: readonly EndpointAnalysis[]): readonly Finding[] {
  const guilty = endpoints.filter(({ givenUp }) => givenUp > 0);
  if (guilty.length === 0) return [];
  return [
    {
      title: 'Connections were given up',
      seen: `${formatCount(totalOf(guilty, ({ givenUp }) => givenUp))} connections ${placesOf(guilty)} had ten failures in a row and were not opened again: autocannon would knock without a pause.`,
      where: 'the port of the server: nobody listens, or it ends each connection at once',
      todo: 'See whether the server still runs, and look at its log.',
    },
  ];
}

function broadcastFindings(endpoints: readonly EndpointAnalysis[]): readonly Finding[] {
  return endpoints.flatMap((endpoint) => {
    const { broadcasts } = endpoint;
    if (broadcasts === null || broadcasts.missing === 0) return [];
    return [
      {
        title: 'Commentary was accepted and not broadcast',
        seen: `${endpointTitle(endpoint)} was answered with 201 ${formatCount(broadcasts.accepted)} times, and the server counts ${formatCount(broadcasts.broadcasts)} broadcasts.`,
        where: 'server/features/matches/matches.ts and server/hub/hub.ts: publish',
        todo: 'Find where a commentary is answered before it is published.',
      },
    ];
  });
}

function countFindings(endpoints: readonly EndpointAnalysis[], checks: readonly Check[]): readonly Finding[] {
  const check = checks.find(({ name }) => name === 'counts-agree');
  const guilty = endpoints.filter(({ counts }) => (counts?.unexplained ?? 0) > 0);
  if (check?.verdict !== 'inconclusive' || guilty.length === 0) return [];
  return [
    {
      title: 'Server and autocannon count differently',
      seen: `${formatCount(check.observed)} requests ${placesOf(guilty)} are counted on one side only.`,
      where: 'the table "Counted at both ends" under Validity',
      todo: 'Make sure that nobody else asks this server; if it stays, one of the two counts wrongly.',
    },
  ];
}

const BOUND: Readonly<Record<Exclude<HttpLimit, 'connections'>, readonly [title: string, todo: string]>> = {
  autocannon: [
    'autocannon was the limit, not the server',
    'Take the rate as what the server does at least; for its ceiling run autocannon on another machine, with --url.',
  ],
  machine: [
    'The machine was full',
    'Take the rate as what this machine does with server and load on it; run the load from another one with --url.',
  ],
  server: [
    'The server filled its core',
    'This is its ceiling for these endpoints in one process: more connections only wait longer.',
  ],
};

/** What the rates of a closed load are worth. */
function generatorFindings(endpoints: readonly EndpointAnalysis[]): readonly Finding[] {
  return (['server', 'autocannon', 'machine'] as const).flatMap((limit) => {
    const bound = endpoints.filter((endpoint) => endpoint.limit === limit);
    if (bound.length === 0) return [];
    const [title, todo] = BOUND[limit];
    const rates = bound.map((endpoint) => `${endpoint.name} ${formatRate(endpoint.requestsPerSecond)}`);
    return [
      {
        title,
        seen: `${formatList(rates)}: ${busyText(bound)}.`,
        where: 'a closed load: it goes as fast as the slower of the two ends',
        todo,
      },
    ];
  });
}

function busyText(endpoints: readonly EndpointAnalysis[]): string {
  const most = (figure: (endpoint: EndpointAnalysis) => number | null): number | null => {
    const seen = endpoints.flatMap((endpoint) => figure(endpoint) ?? []);
    return seen.length === 0 ? null : Math.max(...seen);
  };
  const server = most((endpoint) => endpoint.server.cpuCores);
  const cannon = most(({ workers }) => Math.max(0, ...workers.map(({ cpuRatio }) => cpuRatio)));
  const machine = most(({ machineCpuRatio }) => machineCpuRatio);
  const told = [
    ...(server === null ? [] : [`the server used up to ${formatPercent(server)} of a core`]),
    `autocannon up to ${formatPercent(cannon)}`,
    `the machine was up to ${formatPercent(machine)} busy`,
  ];
  return formatList(told);
}
