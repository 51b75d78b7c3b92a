/** What the target holds at one moment, when nobody is there who could explain it. */

import type { ChurnLook, SocketCounts } from '../../record/churn-record.ts';
import { takeLifecycleSample } from '../../sampling/lifecycle-sample.ts';
import { takeMemorySample } from '../../sampling/memory-sample.ts';
import { endpointsOf, readSocketCounts } from '../../sampling/socket-counts.ts';
import type { ScenarioContext } from '../scenario.ts';

/** Lets the kernel and the server finish with the last closes. */
const SETTLE_MS = 250;
/** A kept-alive connection may end between the two readings that must fit together. */
const ATTEMPTS = 5;

export const UNSEEN_LOOK: ChurnLook = { lifecycle: null, memory: null, sockets: null };

/** Sockets of the target's ends; null when it runs on another machine. */
export async function readTargetSockets({ target }: ScenarioContext): Promise<SocketCounts | null> {
  const { url, http, metrics, admin, sharesMachine } = target.description;
  if (!sharesMachine) return null;
  return readSocketCounts(endpointsOf([url, http, metrics, admin].filter((address) => address !== null)));
}

/** Descriptors of the target without those of sockets whose other end is open, too; null where that cannot be said. */
export function netFds({ lifecycle, sockets }: Pick<ChurnLook, 'lifecycle' | 'sockets'>): number | null {
  const openFds = lifecycle?.openFds ?? null;
  return openFds === null || sockets === null ? null : openFds - sockets.held;
}

/**
 * Counts classes first, which collects garbage, then structures and descriptors, then memory.
 *
 * @param baseline what to get back to: descriptors above it are looked at again, since the kernel's list of sockets
 * is no snapshot and may leave one out
 */
export async function takeChurnLook(
  context: ScenarioContext,
  baseline: ChurnLook = UNSEEN_LOOK,
): Promise<ChurnLook> {
  const { target, wait } = context;
  await wait(SETTLE_MS);
  const counted = await takeLifecycleSample(target.view, { withClasses: true });
  const { lifecycle, sockets } = await readFdsWithSockets(context, netFds(baseline));
  const memory = await takeMemorySample(target.view, {
    connections: 0,
    sharesMachine: target.description.sharesMachine,
  });
  const classes = counted?.classes ?? null;
  return { lifecycle: lifecycle === null ? null : { ...lifecycle, classes }, memory, sockets };
}

/** Structures and descriptors, with the sockets that the target held for others at that moment. */
async function readFdsWithSockets(
  context: ScenarioContext,
  baselineFds: number | null,
): Promise<Pick<ChurnLook, 'lifecycle' | 'sockets'>> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await readTargetSockets(context);
    const lifecycle = await takeLifecycleSample(context.target.view, { withClasses: false });
    const sockets = await readTargetSockets(context);
    const isSettled = before?.held === sockets?.held && isBack(netFds({ lifecycle, sockets }), baselineFds);
    if (isSettled || attempt === ATTEMPTS) return { lifecycle, sockets };
    await context.wait(SETTLE_MS);
  }
}

function isBack(fds: number | null, baselineFds: number | null): boolean {
  return fds === null || baselineFds === null || fds <= baselineFds;
}
