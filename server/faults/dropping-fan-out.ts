/** `drop-deliveries`: a fan-out that leaves out an exact share of the deliveries. */

import type { Connection } from '../hub/connection.ts';
import { type FanOut, fanOutToEach } from '../hub/fan-out.ts';
import type { CountedShare } from './counted-share.ts';

/**
 * @param share the deliveries that are left out
 * @param fanOut what delivers the others
 */
export function dropDeliveries(share: CountedShare, fanOut: FanOut = fanOutToEach): FanOut {
  return (members, message, nowMs) => {
    const lucky = new Set<Connection>();
    // Who is ending gets nothing anyway, and must not use up the share.
    for (const member of members) if (member.isEnding || !share.next()) lucky.add(member);
    const result = fanOut(lucky, message, nowMs);
    return { ...result, leftOut: result.leftOut + members.size - lucky.size };
  };
}
