/** Findings about how far the server goes, also when nothing is wrong. */

import type { TierAnalysis } from '../../../analysis/tier-analysis.ts';
import { formatConnections, formatMs } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { JudgingContext } from '../checks/judging-context.ts';
import { isKneeUnknown } from '../concurrency-verdict.ts';
import type { Judged } from './judged.ts';

/** Within twice the rig's own floor, half of what is measured is the rig. */
const NEAR_FLOOR_RATIO = 2;

export function capacityFindings(context: JudgingContext, judged: Judged): readonly Finding[] {
  const { tiers } = context.analysis;
  const largest = tiers.at(-1);
  if (largest === undefined) return [];
  return [kneeFinding(judged, largest, context), ...floorFindings(tiers)];
}

function kneeFinding(judged: Judged, largest: TierAnalysis, { analysis }: JudgingContext): Finding {
  const { knee, limitedBy } = judged;
  if (knee === largest.connections) {
    return {
      title: `No limit found up to ${formatConnections(knee)}`,
      seen: `Every threshold held in every tier. ${analysis.scalability.sentence}`,
      where: 'nothing gave way',
      todo: `Ask for more to find the limit: --tiers ${knee},${knee * 2},${knee * 5}.`,
    };
  }
  return {
    title:
      knee === null
        ? NO_KNEE[isKneeUnknown({ knee, tiers: judged.tiers }) ? 'unknown' : 'none']
        : `Everything holds up to ${formatConnections(knee)}`,
    seen: `What stopped it: ${limitedBy.sentence}. ${analysis.scalability.sentence}`,
    where: WHERE[limitedBy.kind],
    todo: WHAT_TO_DO[limitedBy.kind],
  };
}

const NO_KNEE = {
  none: 'No tier holds every threshold',
  unknown: 'No tier was measured to its end',
} as const;

const WHERE: Readonly<Record<Judged['limitedBy']['kind'], string>> = {
  none: 'nothing gave way',
  threshold: 'the check of that name, above',
  'server-core': 'the one core that a server process can use',
  'server-loop': "the server's event loop",
  memory: 'the memory of the server',
  fds: 'file descriptors',
  ports: 'the port range of the load side',
  generator: 'the load generator, not the server',
  machine: 'the machine, which server and generator share',
};

const WHAT_TO_DO: Readonly<Record<Judged['limitedBy']['kind'], string>> = {
  none: 'Ask for larger tiers.',
  threshold: 'See the finding for that check.',
  'server-core': 'Lower the cost of a delivery, or spread connections over more server processes.',
  'server-loop': 'Find what blocks it with a CPU profile at that tier.',
  memory: 'Compare heap snapshots at two tiers (npm run heap:diff).',
  fds: 'Raise ulimit -n.',
  ports: 'Widen net.ipv4.ip_local_port_range or use more source addresses.',
  generator: 'Use more workers or a second machine: the server may well take more than was measured.',
  machine: 'Run the load from another machine: the server may well take more than was measured.',
};

function floorFindings(tiers: readonly TierAnalysis[]): readonly Finding[] {
  const near = tiers.filter(
    ({ delivery, floor }) =>
      floor !== null && delivery.p99Ms !== null && delivery.p99Ms < NEAR_FLOOR_RATIO * floor.p99Ms,
  );
  const last = near.at(-1);
  if (last === undefined) return [];
  return [
    {
      title: 'Much of the latency is the rig',
      seen: `At ${formatConnections(last.connections)} p99 was ${formatMs(last.delivery.p99Ms)}; the generator alone needs ${formatMs(last.floor?.p99Ms ?? null)} to read such a burst.`,
      where: 'the calibration of this machine (Validity)',
      todo: 'Read these latencies as upper bounds; more workers or a second machine lower the floor.',
    },
  ];
}
