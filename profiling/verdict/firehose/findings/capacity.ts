/** How fast it goes to one reader and what is in the way of more, also when nothing is wrong. */

import { FORMAT_WORDS } from '../../../record/firehose-label.ts';
import { formatAskedRate, formatCores, formatMs, formatPercent, formatRate } from '../../quantities.ts';
import type { Finding, Limit } from '../../verdict.ts';
import type { FirehoseContext, FormatSearch } from '../firehose-context.ts';
import { limitOfSearch } from '../limit.ts';

export function capacityFindings(context: FirehoseContext): readonly Finding[] {
  return context.searches.map((search) => searchFinding(search, context));
}

function searchFinding(search: FormatSearch, context: FirehoseContext): Finding {
  const { format, sustained, ceiling, judged } = search;
  const word = FORMAT_WORDS[format];
  const limit = limitOfSearch(search, context);
  const figures =
    judged === null || sustained === null
      ? ''
      : ` At ${judged.label} the reader got ${formatRate(judged.rates.received)} (${formatPercent(judged.deliveredRatio)}), p99 ${formatMs(judged.latency.p99Ms)}, with ${formatCores(judged.server.cpuCores)} of server CPU.`;
  if (ceiling === null) {
    return {
      title: `No limit found in ${word}`,
      seen: `${limit.sentence}.${figures}`,
      where: 'nothing gave way',
      todo: `Ask for more to find the limit: --max-rate ${formatAskedRate(2 * (sustained ?? 0)).replaceAll(',', '')}.`,
    };
  }
  const held =
    sustained === null
      ? `No rate held every limit in ${word}`
      : `${formatAskedRate(sustained)} ticks/s are sustained in ${word}`;
  return {
    title: ceiling.judgement === 'doubtful' ? `${held}, and the rig was the limit` : held,
    seen: `What stopped it: ${limit.sentence}.${figures}`,
    where: WHERE[limit.kind],
    todo: WHAT_TO_DO[limit.kind],
  };
}

const WHERE: Readonly<Record<Limit['kind'], string>> = {
  none: 'the measurement itself: see Validity',
  threshold: 'the limit of that name, above',
  'server-core':
    'server/features/ticks/tick-turn.ts (what is written for a turn) and the socket write behind it: both on the one core of the process',
  'server-loop': "the server's event loop",
  memory: 'the memory of the server',
  fds: 'file descriptors',
  ports: 'the port range of the load side',
  generator: 'the reader that checks every tick, not the server',
  machine: 'the machine, which server and reader share',
};

const WHAT_TO_DO: Readonly<Record<Limit['kind'], string>> = {
  none: 'Run again on a quiet machine, or measure longer (--duration).',
  threshold: 'See the finding for that limit.',
  'server-core':
    'Take a CPU profile at that rate: where making a tick is the widest frame, templates and the binary format make it cheaper; where writing is, larger batches.',
  'server-loop': 'Take a CPU profile at that rate and look for what runs long.',
  memory: 'Compare heap snapshots at two rates (npm run heap:diff).',
  fds: 'Raise ulimit -n.',
  ports: 'Widen net.ipv4.ip_local_port_range.',
  generator: 'Run the reader on another machine with --url: the server may well take more than was measured.',
  machine: 'Run the reader on another machine with --url: the server may well take more than was measured.',
};
