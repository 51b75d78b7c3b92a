/** Entry of the reader's process, forked by run-reader.ts. It does one plan and ends; it ends, too, with its parent. */

import { PeerReader } from './peer-reader.ts';
import type { ReaderEvent, ReaderPlan } from './reader-plan.ts';

function tell(event: ReaderEvent): void {
  process.send?.(event, undefined, undefined, () => undefined);
}

// IPC delivers what the parent, this package's own run-reader, sent.
process.once('message', (plan: ReaderPlan) => {
  const reader = new PeerReader(plan, {
    measuring: () => tell({ type: 'measuring' }),
    measured: () => tell({ type: 'measured' }),
  });
  reader
    .run()
    .then(tell, (error: unknown) =>
      tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => process.channel?.unref());
});
process.once('disconnect', () => process.exit());
tell({ type: 'ready' });
