/** Watches target and kernel once a second while clients come and go, and while they storm back. */

import type { ChurnSample, SocketCounts } from '../../record/churn-record.ts';
import type { ServerSample, ServerWindow } from '../../record/tier-record.ts';
import type { MetricsReading } from '../../sampling/metrics-reading.ts';
import type { ServerObservation } from '../../sampling/server-view.ts';
import { serverSample, serverWindow } from '../../sampling/server-window.ts';

const SAMPLE_EVERY_MS = 1_000;
/** The kernel's list takes 100 ms of a core at 20,000 sockets: it is read as often as this share of the time allows. */
const SOCKETS_SHARE = 0.05;

export interface ChurnSamplerOptions {
  readonly view: ServerObservation;
  /** Null where the kernel's list says nothing about the target. */
  readonly readSockets: () => Promise<SocketCounts | null>;
}

export interface ChurnFigures {
  /** Of the churn alone, without the storm. */
  readonly window: ServerWindow;
  readonly serverSamples: readonly ServerSample[];
  readonly samples: readonly ChurnSample[];
}

interface Reading {
  readonly elapsedMs: number;
  readonly metrics: MetricsReading | null;
  readonly sockets: SocketCounts | null;
}

/** {@link begin} as the churn starts, {@link pause} and {@link begin} again around looks, {@link figures} at the end. */
export class ChurnSampler {
  private readonly options: ChurnSamplerOptions;
  private readonly readings: Reading[] = [];
  /** Readings that belong to the churn; the storm's come after them. */
  private churnReadings = 0;
  private beganAtMs: number | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** What is under way; a slow target is not asked again before it answered. */
  private current: Promise<void> | undefined;
  /** Sockets are not looked at before. */
  private socketsFromMs = 0;

  constructor(options: ChurnSamplerOptions) {
    this.options = options;
  }

  begin(): void {
    this.beganAtMs ??= performance.now();
    this.timer ??= setInterval(() => this.read(), SAMPLE_EVERY_MS);
    this.read();
  }

  /** Takes a last reading, then asks the target nothing any more until it begins again. */
  async pause(): Promise<void> {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    await this.current;
    this.socketsFromMs = 0;
    this.read();
    await this.current;
  }

  /** The readings until now are the churn's. */
  churnIsOver(): void {
    this.churnReadings = this.readings.length;
  }

  figures(): ChurnFigures {
    const inChurn = this.churnReadings === 0 ? this.readings.length : this.churnReadings;
    const seen = this.readings
      .slice(0, inChurn)
      .flatMap(({ metrics }) => (metrics === null ? [] : [metrics]));
    const [first] = seen;
    const last = seen.at(-1);
    const startClockMs = first === undefined ? 0 : first.clockMs - (first.takenAtMs - (this.beganAtMs ?? 0));
    return {
      window: first === last ? serverWindow(null, null) : serverWindow(first ?? null, last ?? null),
      serverSamples: seen.flatMap((reading, index) => {
        const previous = seen[index - 1];
        return previous === undefined ? [] : [serverSample(previous, reading, startClockMs)];
      }),
      samples: this.readings.map(({ elapsedMs, metrics, sockets }) => ({
        elapsedMs,
        openFds: metrics?.value('process_open_fds') ?? null,
        connections: metrics?.value('touchline_connections') ?? null,
        sockets,
      })),
    };
  }

  private read(): void {
    this.current ??= this.take().then(() => {
      this.current = undefined;
    });
  }

  private async take(): Promise<void> {
    const elapsedMs = performance.now() - (this.beganAtMs ?? 0);
    const [metrics, sockets] = await Promise.all([this.options.view.scrape(), this.sockets()]);
    this.readings.push({ elapsedMs, metrics, sockets });
  }

  /** @returns null where nothing is known, or looking again this soon would disturb what is measured */
  private async sockets(): Promise<SocketCounts | null> {
    const startMs = performance.now();
    if (startMs < this.socketsFromMs) return null;
    const counts = await this.options.readSockets();
    this.socketsFromMs = startMs + (performance.now() - startMs) / SOCKETS_SHARE;
    return counts;
  }
}
