/** What the ways to write differ by. */

import { formatCores, formatCount, formatRate } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { FirehoseContext } from '../firehose-context.ts';
import { modeRows, ratioText } from '../mode-comparison.ts';

/** The best mode against the plainest, by readers. */
export function writingFindings({ cells }: FirehoseContext): readonly Finding[] {
  const best = modeRows(cells).filter(({ cell, ratio }) => cell.setup.mode === 'coalesced' && ratio !== null);
  if (best.length === 0) return [];
  const said = best.map((row) => {
    const { cell } = row;
    const { readers, format } = cell.setup;
    return `${ratioText(row)} times as many to ${formatCount(readers)} ${readers === 1 ? 'reader' : 'readers'} in ${format} (${formatRate(cell.rates.received)} with ${formatCount(cell.framesPerWrite)} frames a write and ${formatCores(cell.server.cpuCores)})`;
  });
  return [
    {
      title: 'Writing is the cost of a tick',
      seen: `Driven as fast as it goes, coalesced delivers ${said.join(', ')} as naive, which makes one write for each tick and reader.`,
      where:
        'server/features/ticks/tick-turn.ts: naive, framed, corked, coalesced; switchable while it runs by POST /config',
      todo: 'Count frames per write (touchline_frames_written_total ÷ touchline_socket_writes_total): at 1, nearly all time goes into system calls.',
    },
  ];
}
