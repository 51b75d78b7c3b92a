import { describe, expect, it } from 'vitest';
import { MetricsReading } from './metrics-reading.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { targetCounters } from './target-counters.ts';

function reading(text: string): MetricsReading {
  const parsed = parsePrometheusText(text);
  return new MetricsReading(0, parsed.ok ? parsed.samples : []);
}

const BEFORE = reading(`process_start_time_seconds 100
touchline_connections_opened_total 5
touchline_upgrades_refused_total{reason="fault"} 1
touchline_upgrades_refused_total{reason="path"} 2
touchline_broadcasts_total 10
touchline_deliveries_total 50
touchline_deliveries_dropped_total{reason="fault"} 1
touchline_heartbeats_missed_total 1
touchline_fault_injections_total{fault="duplicate-deliveries"} 5`);

describe('targetCounters', () => {
  it('gives after minus before, by reason where there are reasons', () => {
    const after = reading(`process_start_time_seconds 100
touchline_connections_opened_total 105
touchline_upgrades_refused_total{reason="fault"} 11
touchline_upgrades_refused_total{reason="path"} 2
touchline_broadcasts_total 40
touchline_deliveries_total 3050
touchline_deliveries_dropped_total{reason="fault"} 4
touchline_deliveries_dropped_total{reason="slow_consumer"} 2
touchline_slow_consumers_closed_total{limit="age"} 3
touchline_heartbeats_missed_total 4
touchline_fault_injections_total{fault="duplicate-deliveries"} 15`);
    expect(targetCounters(BEFORE, after)).toEqual({
      opened: 100,
      refused: 10,
      broadcasts: 30,
      deliveries: 3_000,
      droppedByReason: { fault: 3, slow_consumer: 2 },
      socketWrites: null,
      framesWritten: null,
      slowConsumersClosed: null,
      heartbeatsMissed: 3,
      faultInjections: { 'duplicate-deliveries': 10 },
    });
  });

  it('sees nothing when the process was restarted or a reading is missing', () => {
    const restarted = reading('process_start_time_seconds 200\ntouchline_connections_opened_total 500');
    expect(targetCounters(BEFORE, restarted).opened).toBeNull();
    expect(targetCounters(BEFORE, null).opened).toBeNull();
  });
});
