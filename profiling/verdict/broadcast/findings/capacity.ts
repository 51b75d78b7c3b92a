/** How fast it goes and what is in the way of more, also when nothing is wrong. */

import { breachSentence } from '../../findings/breach-text.ts';
import { formatAskedRate, formatCores, formatCount, formatMs, formatRate } from '../../quantities.ts';
import type { Finding, Limit } from '../../verdict.ts';
import type { JudgingContext } from '../judging-context.ts';

export function capacityFindings(context: JudgingContext, limitedBy: Limit): readonly Finding[] {
  if (context.steps.length === 0) return [];
  return [sustainedFinding(context, limitedBy), ...closedFinding(context)];
}

function sustainedFinding({ sustainedRate, ceiling, steps }: JudgingContext, limitedBy: Limit): Finding {
  if (ceiling === null) {
    const highest = Math.max(...steps.map(({ rate }) => rate));
    return {
      title: `No limit found up to ${formatAskedRate(highest)} broadcasts/s`,
      seen: 'Every limit held at every rate that was asked for.',
      where: 'nothing gave way',
      todo: `Ask for more to find the limit: --rates ${highest},${highest * 2},${highest * 4}.`,
    };
  }
  const held =
    sustainedRate === null
      ? 'No rate held every limit'
      : `${formatAskedRate(sustainedRate)} broadcasts/s are sustained`;
  return {
    title: ceiling.judgement === 'doubtful' ? `${held}, and the rig was the limit` : held,
    seen: `What stopped it: ${limitedBy.sentence}.${caughtAt(ceiling.rate, steps)}`,
    where: WHERE[limitedBy.kind],
    todo: WHAT_TO_DO[limitedBy.kind],
  };
}

function caughtAt(rate: number, steps: JudgingContext['steps']): string {
  const step = steps.find((candidate) => candidate.rate === rate && candidate.tier.breach !== null);
  return step === undefined ? '' : breachSentence(step.tier);
}

const WHERE: Readonly<Record<Limit['kind'], string>> = {
  none: 'the measurement itself: see Validity',
  threshold: 'the limit of that name, above',
  'server-core':
    'server/hub/fan-out.ts and the socket write behind it (server/transport/ws/ws-peer.ts): one write for each member on the one core of the process',
  'server-loop': "the server's event loop",
  memory: 'the memory of the server',
  fds: 'file descriptors',
  ports: 'the port range of the load side',
  generator: 'the load generator, not the server',
  machine: 'the machine, which server and generator share',
};

const WHAT_TO_DO: Readonly<Record<Limit['kind'], string>> = {
  none: 'Run again on a quiet machine, or measure longer (--duration).',
  threshold: 'See the finding for that limit.',
  'server-core':
    'Make a delivery cheaper (fewer writes: several messages in one), send less often, or spread the members over more server processes.',
  'server-loop': 'Take a CPU profile at that rate and look for what runs long.',
  memory: 'Compare heap snapshots at two rates (npm run heap:diff).',
  fds: 'Raise ulimit -n.',
  ports: 'Widen net.ipv4.ip_local_port_range.',
  generator:
    'Use more workers (--workers) or a second machine: the server may well take more than was measured.',
  machine: 'Run the load from another machine: the server may well take more than was measured.',
};

function closedFinding({ analysis }: JudgingContext): readonly Finding[] {
  const { closed } = analysis;
  if (closed === null || closed.requestsPerSecond === 0) return [];
  const { tier, publishers, publishLatency } = closed;
  return [
    {
      title: `As fast as it is answered: ${formatRate(closed.requestsPerSecond)} broadcasts`,
      seen: `${formatCount(publishers)} publishers, each waiting for its answer, made ${formatRate(closed.requestsPerSecond)} requests and ${formatRate(closed.deliveriesPerSecond)} deliveries with ${formatCores(tier.server.cpuCores)} of server CPU; a POST took ${formatMs(publishLatency.p50Ms)} at p50 and ${formatMs(publishLatency.p99Ms)} at p99. Of ${formatCount(tier.ledger.expected)} deliveries ${formatCount(tier.ledger.lost)} were lost.`,
      where: 'a closed load: it slows down with the server, so it shows a ceiling and hides waiting',
      todo: 'Read the rate above as what can be promised, and this one as the most that can be pushed through.',
    },
  ];
}
