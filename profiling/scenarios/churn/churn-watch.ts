/** Follows a churn run: samples while it lasts, and looks at the target when everyone of the churn is gone. */

import type {
  ChurnObserver,
  ChurnPhase,
  ChurnProgress,
} from '../../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnLook, Release } from '../../record/churn-record.ts';
import type { MetricsReading } from '../../sampling/metrics-reading.ts';
import type { ScenarioContext } from '../scenario.ts';
import { readTargetSockets, takeChurnLook } from './churn-look.ts';
import { ChurnSampler } from './churn-sampler.ts';
import { watchRelease } from './release-watch.ts';

export interface ChurnWatchInput {
  readonly baseline: ChurnLook;
  /** Longest wait for the target to let go of connections. */
  readonly longestReleaseMs: number;
  /** What comes after the load. */
  readonly remainingAfterMs: number;
}

export class ChurnWatch implements ChurnObserver {
  readonly sampler: ChurnSampler;
  readonly releases: Release[] = [];
  /** Null until everyone of the churn was gone. */
  settled: ChurnLook | null = null;
  /** The target's counters at that moment. */
  settledReading: MetricsReading | null = null;
  private readonly context: ScenarioContext;
  private readonly input: ChurnWatchInput;

  constructor(context: ScenarioContext, input: ChurnWatchInput) {
    this.context = context;
    this.input = input;
    this.sampler = new ChurnSampler({
      view: context.target.view,
      readSockets: () => readTargetSockets(context),
    });
  }

  async phase(phase: ChurnPhase): Promise<void> {
    switch (phase) {
      case 'churn':
      case 'gather':
        this.sampler.begin();
        break;
      case 'settled':
        await this.lookAtSettled();
        break;
      default:
    }
  }

  progress(churn: ChurnProgress): void {
    this.context.report({
      phase: churn.phase,
      step: '',
      connections: churn.open,
      load: null,
      churn,
      remainingMs: churn.remainingMs + this.input.remainingAfterMs,
    });
  }

  /** Waits until the target has let go of everyone, or for as long as it may take. */
  async awaitRelease(after: Release['after']): Promise<void> {
    const release = await watchRelease(this.context, {
      baselineConnections: this.input.baseline.memory?.connections ?? 0,
      longestMs: this.input.longestReleaseMs,
    });
    if (release !== null) this.releases.push({ after, ...release });
  }

  private async lookAtSettled(): Promise<void> {
    await this.sampler.pause();
    this.sampler.churnIsOver();
    await this.awaitRelease('churn');
    if (this.context.signal.aborted) return;
    this.settledReading = await this.context.target.view.scrape();
    this.settled = await takeChurnLook(this.context, this.input.baseline);
  }
}
