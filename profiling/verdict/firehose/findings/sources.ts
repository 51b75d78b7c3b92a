/** What reusing a serialised tick does to its time. */

import { formatCount, formatPercent } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { FirehoseContext } from '../firehose-context.ts';

export function sourceFindings({ cells }: FirehoseContext): readonly Finding[] {
  return cells
    .filter(({ part, setup }) => part === 'sources' && setup.source === 'cached-1ms')
    .map(({ ledger, label }) => ({
      title: 'A tick that is reused for a millisecond is no tick of its own',
      seen: `At ${label} ${formatCount(ledger.sharedTimestamps)} of ${formatCount(ledger.received)} ticks (${formatPercent(ledger.sharedTimestamps / Math.max(1, ledger.received))}) have the time of the one before.`,
      where:
        'the source cached-1ms (server/features/ticks/tick-writer-repeated.ts): it serialises once a millisecond',
      todo: 'Do not read a rate off such a feed: its latency and its loss cannot be told, and templates make unique ticks nearly as cheap.',
    }));
}
