/** `drop-deliveries`: a fan-out that leaves out an exact share of the deliveries. */

import type { Connection } from '../hub/connection.ts';
import { type FanOut, fanOutToEach } from '../hub/fan-out.ts';
import { ExactShare } from './exact-share.ts';

/**
 * @param percent the share of deliveries that is left out
 * @param fanOut what delivers the others
 */
export function dropDeliveries(percent: number, fanOut: FanOut = fanOutToEach): FanOut {
  const share = new ExactShare(percent);
  return (members, message, nowMs) => {
    const lucky = new Set<Connection>();
    for (const member of members) if (!share.next()) lucky.add(member);
    const result = fanOut(lucky, message, nowMs);
    return { ...result, leftOut: result.leftOut + members.size - lucky.size };
  };
}
