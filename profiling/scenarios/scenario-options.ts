/** The part of the command line that scenarios read; each takes what concerns it. */

import type { Arrival, ClientKind } from '../../load-tests/generator/load-plan.ts';
import type { TickReaderKind } from '../../load-tests/generator/ticks/tick-plan.ts';
import type { EngineName } from '../../server/protocol/engine-names.ts';
import type { FanOutMode } from '../../server/protocol/fan-out-modes.ts';
import type { TickFormat } from '../../server/protocol/tick-messages.ts';
import type { HttpEndpointName } from '../record/http-endpoints.ts';

/** What `firehose` alone takes. */
export interface TickOptions {
  /** Highest rate that the search may try. */
  readonly maxRate: number;
  /** Readers at a time, ascending, each once. */
  readonly readers: readonly number[];
  readonly formats: readonly TickFormat[];
  readonly modes: readonly FanOutMode[];
  readonly engines: readonly EngineName[];
  readonly kinds: readonly TickReaderKind[];
  /** One rate to one kind of reader, and nothing else; undefined: the whole scenario. */
  readonly benchmark: TickBenchmark | undefined;
}

export interface TickBenchmark {
  /** As it was typed, and as the readers call themselves: `tauri-rust`. */
  readonly mode: string;
  readonly reader: TickReaderKind;
  readonly rate: number;
}

/** What `http` alone takes. */
export interface HttpOptions {
  /** Endpoints of the reference server, in the order they are asked. */
  readonly endpoints: readonly HttpEndpointName[];
  /** Asked with GET instead of them, on anyone's server; empty: the endpoints are. */
  readonly paths: readonly string[];
  /** An answer that is not there by then has timed out. */
  readonly timeoutMs: number;
}

export interface ScenarioOptions {
  readonly quick: boolean;
  /** `concurrency`: ascending, each once. */
  readonly tiers: readonly number[];
  /** `broadcast`, `memory`, `overhead`: clients at a time; `http`: connections of autocannon. */
  readonly connections: number;
  /** Of each tier, rate, cycle, turn, or of the whole churn. */
  readonly measureMs: number;
  readonly warmUpMs: number;
  readonly broadcastsPerSecond: number;
  /** `broadcast`, `firehose`: rates of the sweep, ascending, each once. */
  readonly rates: readonly number[];
  /** `broadcast`: publishers of the closed load, and how long it lasts. */
  readonly publishers: number;
  readonly closedMs: number;
  /** `broadcast`, `firehose`: clients that stop reading in the last comparison. */
  readonly slowReaders: number;
  /** `memory`: cycles that are measured, after the warm-up cycles. */
  readonly cycles: number;
  /** `memory`: heap used of the target up to which snapshots are taken. */
  readonly snapshotHeapLimitBytes: number;
  /** `churn` */
  readonly connectsPerSecond: number;
  readonly stormClients: number;
  /** `overhead`: turns of each arm. */
  readonly rounds: number;
  readonly ticks: TickOptions;
  readonly http: HttpOptions;
  readonly arrival: Arrival;
  readonly client: ClientKind;
  readonly seed: number;
  /** Undefined: a match of its own for each tier. */
  readonly matchId: number | undefined;
}
