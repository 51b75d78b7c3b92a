/** What can be told of a `ws` server that is none of ours, under the names of the catalogue. */

import type { EventLoopMonitor } from '../event-loop.ts';
import { closesByKnownCode } from '../families/closes-by-known-code.ts';
import { exporterFamilies, processFamilies, runtimeFamilies } from '../families/process-families.ts';
import { sendQueueFamilies } from '../families/send-queue-families.ts';
import type { GcMonitor } from '../gc.ts';
import type { MetricName } from '../metric-catalogue.ts';
import { byLabel, type MetricSample, single } from '../metric-samples.ts';
import type { ProcessUsage } from '../process-usage.ts';
import type { WsCounters } from './ws-counters.ts';

/** Codes that RFC 6455 and its registry name; every other one needs to be asked for, because clients choose what they send. */
const REGISTERED_CLOSE_CODES = [
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
];

/** Everything one scrape reads. */
export interface InstrumentedReading {
  readonly counters: WsCounters;
  /** Close codes that have series of their own, beside the registered ones. */
  readonly closeCodes: Iterable<number>;
  readonly loop: EventLoopMonitor;
  readonly gc: GcMonitor;
  readonly usage: ProcessUsage;
  readonly version: string;
  readonly previousScrapeSeconds: number;
  /** Monotonic ms. */
  readonly nowMs: number;
}

/** Metrics that `instrument` gives. Rooms, broadcasts, ticks, faults and the drain are unknown to it, and therefore absent. */
export type InstrumentedMetric = keyof ReturnType<typeof readInstrumentedFamilies>;

/** Reads all figures at one moment. */
export function readInstrumentedFamilies(reading: InstrumentedReading) {
  const { counters } = reading;
  const open = counters.readOpen(reading.nowMs);
  return {
    touchline_connections: single(open.count),
    touchline_connections_opened_total: single(counters.opened),
    touchline_connections_closed_total: byLabel('code', closes(reading)),
    touchline_upgrades_refused_total: byLabel('reason', [['handshake', counters.upgradesRefused]]),
    touchline_wire_sent_bytes_total: single(open.wireSentBytes),
    touchline_wire_received_bytes_total: single(open.wireReceivedBytes),
    touchline_heartbeat_pings_total: single(counters.pings),
    ...messageFamilies(counters),
    ...sendQueueFamilies(open.queue),
    ...runtimeFamilies(reading),
    ...processFamilies(reading.usage),
    ...exporterFamilies(reading.version, reading.previousScrapeSeconds),
  } satisfies Partial<Record<MetricName, readonly MetricSample[]>>;
}

/** What the messages mean is theirs: only their kind is told, and each one sent is one delivery, written by itself. */
function messageFamilies(counters: WsCounters) {
  return {
    touchline_messages_received_total: byLabel('type', [
      ['text', counters.receivedTexts],
      ['binary', counters.receivedBinaries],
    ]),
    touchline_received_payload_bytes_total: single(counters.receivedPayloadBytes),
    touchline_deliveries_total: single(counters.sent),
    touchline_socket_writes_total: single(counters.framesWritten),
    touchline_frames_written_total: single(counters.framesWritten),
    touchline_sent_payload_bytes_total: single(counters.sentPayloadBytes),
  };
}

function closes({ counters, closeCodes }: InstrumentedReading): ReadonlyMap<string, number> {
  return closesByKnownCode(counters.closedByCode, [...REGISTERED_CLOSE_CODES, ...closeCodes]);
}
