/** The tick feed: four rates side by side, what lies between them, and its readers. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, lines, query } from '../panels.ts';
import { max, orNone, ratio, SERVER_PRESENCE, server, sum } from '../queries.ts';

const buffered = sum(server.rate('touchline_ticks_buffered_total'));
const delivered = sum(server.rate('touchline_ticks_acknowledged_total'));

export const TICKS: Row = {
  title: 'Ticks: four rates',
  panels: [
    lines({
      title: 'Offered, buffered, flushed, delivered',
      shows:
        'Offered: made while a reader was connected, summed over readers. Buffered: given to sockets. Flushed: taken by the kernel. Delivered: acknowledged by clients.',
      act: 'Only delivered is throughput. Buffered above it fills buffers nobody has read; offered above buffered is skipped.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(server.rate('touchline_ticks_offered_total')), 'offered'),
        query(buffered, 'buffered'),
        query(sum(server.rate('touchline_ticks_flushed_total')), 'flushed'),
        query(delivered, 'delivered'),
      ],
      width: 12,
      height: 9,
    }),
    lines({
      title: 'Asked for and made',
      shows: 'Ticks per second that are asked for, and those made, each once however many read it.',
      act: 'Made below wanted: the server cannot make them. See the schedule lag.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(server.gauge('touchline_tick_target_rate')), 'wanted'),
        query(sum(server.rate('touchline_ticks_made_total')), 'made'),
      ],
      width: 12,
      height: 9,
    }),
    lines({
      title: 'Backlog growth',
      shows: 'Buffered − delivered per second: how fast unread ticks pile up anywhere on the way.',
      act: 'Above 0 for longer than a second or two, a reader is too slow; then it is conflated or closed.',
      unit: units.CountsPerSecond,
      queries: [query(`clamp_min(${buffered} - ${delivered}, 0)`, 'backlog')],
    }),
    lines({
      title: 'Delivered ÷ buffered',
      shows: 'The share of ticks given to sockets that clients have.',
      act: 'Below 1 it says something about the reader, not about the server: misleading as soon as a reader is slow.',
      unit: units.PercentUnit,
      queries: [query(ratio(delivered, buffered), 'delivered ÷ buffered')],
    }),
    lines({
      title: 'Skipped and never made',
      shows:
        'Skipped: offered and not given to a reader that was behind. Never made: due while the server was over a second late.',
      act: 'Skipped is a slow reader. Never made is a server that is too busy.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(server.rate('touchline_ticks_skipped_total')), 'skipped'),
        query(sum(server.rate('touchline_ticks_shortfall_total')), 'never made'),
      ],
    }),
  ],
};

export const TICK_READERS: Row = {
  title: 'Ticks: readers and schedule',
  panels: [
    lines({
      title: 'Readers by format',
      shows: 'Readers of the tick feed, by what they read.',
      act: 'JSON costs more to make and to read than binary.',
      unit: units.Short,
      queries: [
        query(
          orNone(sum(server.gauge('touchline_tick_readers'), 'format'), 'format', SERVER_PRESENCE),
          '{{format}}',
        ),
      ],
      stacked: true,
    }),
    lines({
      title: 'Conflation',
      shows: 'Readers that are too far behind to be given ticks now: they get the latest of each symbol.',
      act: 'Above 0 for long, the reader cannot take the rate: fewer symbols, the binary format, or a lower rate.',
      unit: units.Short,
      queries: [query(sum(server.gauge('touchline_tick_readers_conflating'), 'instance'), '{{instance}}')],
      limits: [bad(1)],
    }),
    lines({
      title: 'Schedule lag',
      shows:
        'How late the first tick of the last turn was made. Ticks carry the time they were due, so latency holds this.',
      act: 'Above 10 ms the pacer waits for the loop: lower the rate, or look at the loop delay.',
      unit: units.Seconds,
      queries: [query(max(server.gauge('touchline_tick_schedule_lag_seconds'), 'instance'), '{{instance}}')],
      limits: [bad(LIMITS.tickLagSeconds)],
    }),
  ],
};
