/** Shows progress on stderr: one living line on a terminal, plain lines elsewhere, nothing when quiet. */

import type { ScenarioProgress } from '../scenarios/scenario.ts';
import { fitLine, progressText } from './progress-text.ts';

export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressReporterOptions {
  readonly stream: ProgressStream;
  readonly quiet: boolean;
  /** Dims the living line; false when NO_COLOR is set. */
  readonly colour: boolean;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** Without a terminal, figures come this often. */
const PLAIN_EVERY_MS = 5_000;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/** Writes progress and notes to one stream. */
export class ProgressReporter {
  private readonly options: ProgressReporterOptions;
  private readonly living: boolean;
  private shownPhase = '';
  private shownAtMs = Number.NEGATIVE_INFINITY;
  private lineIsOpen = false;

  constructor(options: ProgressReporterOptions) {
    this.options = options;
    this.living = options.stream.isTTY === true;
  }

  /** A sentence that stays. */
  note(text: string): void {
    if (this.options.quiet) return;
    this.clear();
    this.options.stream.write(`${text}\n`);
  }

  /** Where the scenario stands now. */
  show(progress: ScenarioProgress): void {
    if (this.options.quiet) return;
    if (this.living) this.redraw(progressText(progress));
    else this.append(progress);
  }

  /** Something outside a scenario is under way. */
  step(text: string): void {
    if (this.options.quiet) return;
    if (this.living) this.redraw(text);
    else this.note(text);
  }

  /** Removes the living line. */
  clear(): void {
    if (!this.lineIsOpen) return;
    this.options.stream.write(CLEAR_LINE);
    this.lineIsOpen = false;
  }

  private redraw(text: string): void {
    const line = fitLine(text, this.options.stream.columns ?? DEFAULT_COLUMNS);
    this.options.stream.write(`${CLEAR_LINE}${this.options.colour ? `\u001b[2m${line}\u001b[0m` : line}`);
    this.lineIsOpen = true;
  }

  /** One line as a phase begins, then one every five seconds. */
  private append(progress: ScenarioProgress): void {
    const phase = `${progress.step} ${progress.phase}`;
    const now = this.options.now();
    if (phase === this.shownPhase && now - this.shownAtMs < PLAIN_EVERY_MS) return;
    this.shownPhase = phase;
    this.shownAtMs = now;
    this.options.stream.write(`${progressText(progress)}\n`);
  }
}
