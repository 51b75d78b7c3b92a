/** What `GET /live/events` sends and the page of `/live` shows. Types alone: both sides import them. */

/** Figures of a server; one that cannot be told is absent, which the page shows as a gap. */
export type ServerFigure =
  | 'connections'
  | 'openedPerSecond'
  | 'closedPerSecond'
  | 'broadcastsPerSecond'
  | 'deliveriesPerSecond'
  | 'broadcastP50Ms'
  | 'broadcastP99Ms'
  | 'loopDelayP99Ms'
  | 'loopActiveRatio'
  | 'cpuRatio'
  | 'gcMajorRatio'
  | 'gcOtherRatio'
  | 'rssBytes'
  | 'heapUsedBytes'
  | 'externalBytes'
  | 'rssPerConnectionBytes'
  | 'sendQueueBytes'
  | 'sendQueueMaxBytes'
  | 'sendQueueAgeMs'
  | 'slowConsumers'
  | 'slowClosed'
  | 'refused'
  | 'tickReaders'
  | 'ticksMadePerSecond'
  | 'ticksBufferedPerSecond'
  | 'ticksFlushedPerSecond'
  | 'ticksDeliveredPerSecond'
  | 'draining'
  | 'faults';

/** Figures of the load side of a run. */
export type LoadFigure =
  | 'wanted'
  | 'connected'
  | 'connectFailures'
  | 'disconnects'
  | 'receivedPerSecond'
  | 'latencyP50Ms'
  | 'latencyP95Ms'
  | 'latencyP99Ms'
  | 'missing'
  | 'amiss'
  | 'workerCpuRatio'
  | 'workerLoopDelayMs'
  | 'machineCpuRatio'
  | 'scheduleLagP99Ms'
  | 'remainingSeconds';

export type Figures<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** A server that is watched. */
export interface LiveServer {
  readonly kind: 'server';
  /** `127.0.0.1:9464`: where its metrics are read, and its `instance` in Prometheus. */
  readonly address: string;
  readonly figures: Figures<ServerFigure>;
  /** Why there are no figures. */
  readonly problem?: string;
}

/** What a run says of itself. */
export interface LiveRun {
  readonly name: string;
  readonly scenario: string;
  /** Address of the server it drives; "" where that shows no metrics. */
  readonly server: string;
  readonly phase: string | null;
  /** null until the run is judged. */
  readonly verdict: string | null;
}

/** The load side of a run. */
export interface LiveLoad {
  readonly kind: 'load';
  readonly address: string;
  readonly figures: Figures<LoadFigure>;
  readonly run?: LiveRun;
  readonly problem?: string;
}

export type LiveSource = LiveServer | LiveLoad;

/** One message: all that is watched at one moment. */
export interface LiveMoment {
  /** Epoch ms. */
  readonly atMs: number;
  /** Address of the server that sends this. */
  readonly own: string;
  readonly sources: readonly LiveSource[];
  /** What could not be read, each a sentence. */
  readonly problems: readonly string[];
}
