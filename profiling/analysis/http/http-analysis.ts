/** What the numbers of an HTTP run mean: the shape that `analyseHttp` gives and that verdict and report read. */

import type {
  AutocannonResult,
  HttpLoadResult,
  HttpStatus,
} from '../../../load-tests/generator/http/http-result.ts';
import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import type { ServerSample, ServerWindow } from '../../record/tier-record.ts';
import type { LatencyFigures, Steadiness, WorkerHealth } from '../tier-analysis.ts';

/** Answers of one status as each of the two counts them. */
export interface StatusCount {
  readonly status: string;
  readonly client: number;
  readonly server: number;
}

/** The same requests counted by autocannon and by the server. */
export interface RequestCounts {
  readonly statuses: readonly StatusCount[];
  /** What neither time-outs nor broken connections account for. */
  readonly unexplained: number;
}

/** Commentary that was accepted, against what was broadcast. */
export interface BroadcastCounts {
  readonly accepted: number;
  readonly broadcasts: number;
  /** Accepted and never broadcast. */
  readonly missing: number;
}

/** What kept a closed load from being faster. */
export type HttpLimit = 'server' | 'autocannon' | 'machine' | 'connections';

export interface EndpointAnalysis {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly state: HttpLoadResult['state'];
  readonly connections: number;
  readonly measuredMs: number;
  readonly sent: number;
  /** Answers of any status. */
  readonly answers: number;
  readonly ok: number;
  readonly non2xx: readonly HttpStatus[];
  /** Requests without an answer but for time-outs, by reason. */
  readonly failures: readonly FailureCount[];
  readonly timeouts: number;
  readonly undetermined: number;
  readonly givenUp: number;
  /** Answers of the measured window a second. */
  readonly requestsPerSecond: number;
  /** Head and body of an answer; null where there was none. */
  readonly meanBytes: number | null;
  /** From handing over a request until its answer was read. */
  readonly latency: LatencyFigures;
  readonly steadiness: Steadiness;
  readonly seconds: HttpLoadResult['window']['seconds'];
  readonly server: ServerWindow;
  readonly samples: readonly ServerSample[];
  /** CPU time of the server for 1,000 requests; null where it is not seen. */
  readonly cpuMsPerThousand: number | null;
  /** Null where the server shows no counter. */
  readonly counts: RequestCounts | null;
  /** Null where nothing was published, or the server shows no counter. */
  readonly broadcasts: BroadcastCounts | null;
  readonly autocannon: AutocannonResult | null;
  readonly autocannonFile: string | null;
  readonly workers: readonly WorkerHealth[];
  readonly machineCpuRatio: number | null;
  readonly limit: HttpLimit;
}

export interface HttpAnalysis {
  readonly endpoints: readonly EndpointAnalysis[];
}
