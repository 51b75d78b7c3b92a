/** Findings about connections that were never made and about errors on the way. */

import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { loadSideShortage, mergeFailures } from '../load-side-limits.ts';
import { formatCount } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';

interface Advice {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
}

/** What a reason means, by its first letters; the first that fits. */
const ADVICE: readonly (readonly [RegExp, Advice])[] = [
  [
    /^http_(503|429)$/,
    {
      title: 'The server refused connections',
      where:
        'server/transport/upgrade-gate.ts: total and per-address limits, draining; touchline_upgrades_refused_total has the reason',
      todo: 'Raise MAX_CONNECTIONS or MAX_CONNECTIONS_PER_IP if the machine has room, or add a server.',
    },
  ],
  [
    /^http_/,
    {
      title: 'The server answered the upgrade with an HTTP error',
      where: 'server/transport/upgrade-gate.ts: path, origin, authorisation',
      todo: 'Check --url, the allowed origins and the token.',
    },
  ],
  [
    /^close_/,
    {
      title: 'The server closed connections',
      where:
        'server/protocol/close-codes.ts says what each code means; GET /debug/connections lists the last closed',
      todo: 'Look the code up; slow consumers and missed heartbeats mean that the server or the rig was too busy.',
    },
  ],
  [
    /^answer_cut$/,
    {
      title: 'The server ended connections before it had answered',
      where:
        'the server: its limits of time and size, a proxy before it, or a handler that destroys the socket',
      todo: "Look for the end of these connections in the server's log.",
    },
  ],
  [
    /timeout/i,
    {
      title: 'Connections or answers came too late',
      where:
        'the accept queue (net.core.somaxconn) and the event loop of the server while connections come in',
      todo: 'Look at loop delay and CPU during the connect phase; slow the arrival down or add server processes.',
    },
  ],
  [
    /^(ECONNREFUSED|ECONNRESET|EPIPE)/,
    {
      title: 'Connections were reset or refused by the machine',
      where: 'the listening socket: its backlog, or a server that went away',
      todo: 'Check that the server still runs, then its backlog and net.core.somaxconn.',
    },
  ],
];

const OWN_LIMIT: Readonly<Record<'ports' | 'fds' | 'memory', Advice>> = {
  ports: {
    title: 'The load side ran out of ports',
    where: 'net.ipv4.ip_local_port_range of the machine that makes the load',
    todo: 'Widen the range, or use more source addresses: each has ports of its own.',
  },
  fds: {
    title: 'The load side ran out of file descriptors',
    where: 'ulimit -n of the shell that started the run',
    todo: 'Raise the limit (ulimit -n 65536), or use more generator workers.',
  },
  memory: {
    title: 'The load side ran out of socket memory',
    where: 'net.ipv4.tcp_mem of the machine that makes the load',
    todo: 'Raise it, or make the load from a larger machine.',
  },
};

const OTHER: Advice = {
  title: 'Requests failed',
  where: 'the reason is the error code of the system or of the target',
  todo: "Look for it in the server's log at that time.",
};

/** One finding for each reason, for the two checks that count failures. */
export function connectionFindings({ tiers }: LoadContext, checks: readonly Check[]): readonly Finding[] {
  const wanted = new Set(checks.filter((check) => check.verdict !== 'pass').map((check) => check.name));
  return failureFindings([
    ...(wanted.has('not-connected') ? tiers.flatMap((tier) => tier.failures.connect) : []),
    ...(wanted.has('errors')
      ? tiers.flatMap(({ failures: of }) => [...of.subscribe, ...of.publish, ...of.disconnects])
      : []),
  ]);
}

/** One finding for each reason. */
export function failureFindings(failures: readonly FailureCount[]): readonly Finding[] {
  return mergeFailures(failures)
    .filter(({ count }) => count > 0)
    .map(findingFor);
}

function findingFor({ reason, count }: FailureCount): Finding {
  const shortage = loadSideShortage(reason);
  const advice =
    shortage === undefined
      ? (ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? OTHER)
      : OWN_LIMIT[shortage];
  return { ...advice, seen: `${formatCount(count)} × ${reason}` };
}
