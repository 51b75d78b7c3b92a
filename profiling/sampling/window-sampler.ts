/** Watches the target second by second while the measured window lasts. */

import type { ServerSample, ServerWindow } from '../record/run-record.ts';
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
  private readonly server: ServerObservation;
  private readonly readings: MetricsReading[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** The scrape that is under way; a slow target is not asked again before it answered. */
  private current: Promise<void> | undefined;

  constructor(server: ServerObservation) {
    this.server = server;
  }

  /** Takes the first reading at once, then one a second. */
  begin(): void {
    this.timer = setInterval(() => this.read(), SAMPLE_EVERY_MS);
    this.read();
  }

  /** Takes the last reading. Calling it without {@link begin}, or again, gives what there is. */
  async end(): Promise<WindowFigures> {
    if (this.timer !== undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
      await this.current;
      this.read();
      await this.current;
    }
    const [first] = this.readings;
    const samples = this.readings.flatMap((reading, index) => {
      const previous = this.readings[index - 1];
      return previous === undefined || first === undefined
        ? []
        : [serverSample(previous, reading, first.takenAtMs)];
    });
    // With one reading there is no window: every figure is then null.
    const last = this.readings.length > 1 ? this.readings.at(-1) : undefined;
    return { window: serverWindow(first ?? null, last ?? null), samples };
  }

  /** A failed scrape leaves no reading; the next sample then covers the gap. */
  private read(): void {
    this.current ??= this.server.scrape().then((reading) => {
      if (reading !== null) this.readings.push(reading);
      this.current = undefined;
    });
  }
}
