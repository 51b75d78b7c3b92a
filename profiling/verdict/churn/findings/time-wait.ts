/** TIME_WAIT: where it sits, and what that means for ports. Told, never judged: it is what TCP asks for. */

import type { TimeWaitFigures } from '../../../analysis/churn/churn-analysis.ts';
import { formatCount, formatPercent, formatRate } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';

/** Linux keeps a socket in TIME_WAIT for this long, whatever is configured. */
const TIME_WAIT_SECONDS = 60;

export function timeWaitFindings({ analysis }: ChurnContext): readonly Finding[] {
  const { timeWait } = analysis;
  if (timeWait === null) return [];
  const { server, client } = timeWait.peak;
  if (server + client === 0) return [];
  return [
    {
      title: 'Where TIME_WAIT sits',
      seen: `At most ${formatCount(server + client)} sockets waited: ${formatCount(server)} at the server's end, which closed first, and ${formatCount(client)} at the clients' (${formatPercent(client / (server + client))}).${ports(timeWait)}`,
      where: 'the kernel (/proc/net/tcp), for 60 s after each connection whose end nobody reset',
      todo: 'Nothing on the server: its own cost some hundred bytes each. Where clients of one address (a proxy, a load generator) connect faster than their ports come free, give them more addresses or a wider net.ipv4.ip_local_port_range.',
    },
  ];
}

function ports({ portsPerAddress }: TimeWaitFigures): string {
  if (portsPerAddress === null) return '';
  return ` One client address has ${formatCount(portsPerAddress)} ports to one port of a server here; each that waits at the client's end is taken for ${TIME_WAIT_SECONDS} s, so one address can keep up ${formatRate(portsPerAddress / TIME_WAIT_SECONDS)} such connections.`;
}
