/** Watches the target second by second while the measured window lasts. */

import type { ServerSample, ServerWindow } from '../record/tier-record.ts';
import type { MetricsReading } from './metrics-reading.ts';
import type { ServerObservation } from './server-view.ts';
import { serverSample, serverWindow } from './server-window.ts';

const SAMPLE_EVERY_MS = 1_000;

export interface WindowFigures {
  readonly window: ServerWindow;
  readonly samples: readonly ServerSample[];
}

/** One measured window: {@link begin} as it starts, {@link end} as it ends. */
export class WindowSampler {
  private readonly server: Pick<ServerObservation, 'scrape'>;
  private readonly readings: MetricsReading[] = [];
  private beganAtMs = 0;
  private endedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  /** The scrape that is under way; a slow target is not asked again before it answered. */
  private current: Promise<void> | undefined;

  constructor(server: Pick<ServerObservation, 'scrape'>) {
    this.server = server;
  }

  /** Takes the first reading at once, then one a second. */
  begin(): void {
    this.beganAtMs = performance.now();
    this.timer = setInterval(() => this.read(), SAMPLE_EVERY_MS);
    this.read();
  }

  /** Takes the last reading. Calling it without {@link begin}, or again, gives what there is. */
  async end(): Promise<WindowFigures> {
    if (this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.endedAtMs = performance.now();
      await this.current;
      this.read();
      await this.current;
    }
    return this.figures();
  }

  /** Asks the target nothing any more, for when the load failed; without it the process would not end. */
  abandon(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private figures(): WindowFigures {
    const [first] = this.readings;
    const last = this.readings.at(-1);
    // Readings that all came after the window say nothing about it; one reading is no window.
    if (first === undefined || last === undefined || first === last || first.takenAtMs >= this.endedAtMs) {
      return { window: serverWindow(null, null), samples: [] };
    }
    const startClockMs = first.clockMs - (first.takenAtMs - this.beganAtMs);
    const samples = this.readings.flatMap((reading, index) => {
      const previous = this.readings[index - 1];
      return previous === undefined ? [] : [serverSample(previous, reading, startClockMs)];
    });
    return { window: serverWindow(first, last), samples };
  }

  /** A failed scrape leaves no reading; the next sample then covers the gap. */
  private read(): void {
    this.current ??= this.server.scrape().then((reading) => {
      if (reading !== null) this.readings.push(reading);
      this.current = undefined;
    });
  }
}
