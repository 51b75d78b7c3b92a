/** What a reader that stopped shows: that a send rate is no throughput, and what keeps it from doing harm. */

import { formatBytes, formatCount, formatPercent, formatRate } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { SlowReaderPair } from '../slow-reader-pairs.ts';

export function slowReaderFindings(pairs: readonly SlowReaderPair[]): readonly Finding[] {
  return pairs.map((pair) => (pair.mode === 'naive' ? naiveFinding(pair) : boundedFinding(pair)));
}

function naiveFinding(pair: SlowReaderPair): Finding {
  const { rates, efficiency, server } = pair.withSlow;
  return {
    title: 'A send rate is no throughput',
    seen: `With ${stoppedText(pair)} the naive server says that it sends ${formatRate(rates.buffered)} and ${formatRate(rates.delivered)} arrive (${formatPercent(efficiency)}); at most ${formatBytes(server.peakSendQueueBytes)} waited in it at any reading. ${pair.conclusion} ${ended(pair)}`,
    where: "the journey of a tick, below: between a socket's write() and the reader's loop lie four buffers",
    todo: 'Read delivered, which the readers acknowledge; buffered minus delivered is how fast the queue grows.',
  };
}

function boundedFinding(pair: SlowReaderPair): Finding {
  const { withSlow, effect } = pair;
  const { rates, server } = withSlow;
  return {
    title:
      effect === 'held-up'
        ? 'A slow reader holds the others up'
        : 'A slow reader is bounded, conflated and counted',
    seen: `With ${stoppedText(pair)} the server (${pair.mode}) buffers ${formatRate(rates.buffered)}, holds ${formatRate(rates.heldBack)} back, which it counts as skipped when the reader has caught up or left; at most ${formatBytes(server.peakSendQueueBytes)} waited in it at any reading. ${pair.conclusion} ${ended(pair)}`,
    where: 'server/features/ticks/tick-reader.ts: no more is given to a reader that is over its bound',
    todo:
      effect === 'held-up'
        ? 'Look at what waits for the slow reader: a batch that is kept for it must not keep the others.'
        : 'Nothing: the others have a queue each, and the slow one gets the latest of each symbol when it reads again.',
  };
}

function stoppedText({ withSlow: { setup } }: SlowReaderPair): string {
  return `${formatCount(setup.slowReaders)} of ${formatCount(setup.readers)} readers stopped`;
}

function ended({ withSlow: { server } }: SlowReaderPair): string {
  const closed = server.counters.slowConsumersClosed ?? 0;
  return closed === 0
    ? 'It was not disconnected while it did not read.'
    : `The server closed ${formatCount(closed)} as slow consumers (4002).`;
}
