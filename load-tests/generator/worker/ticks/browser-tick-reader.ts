import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { FullTickPlan } from '../../ticks/tick-plan.ts';
import type { TickReaders } from './tick-readers.ts';
export class BrowserTickReader implements TickReaders {
  readonly #plan: FullTickPlan;
  connected = 0;
  paused = 0;
  ticks = 0;
  reads = 0;
  lost = 0;
  onDeserted: () => void = () => undefined;
  constructor(plan: FullTickPlan) {
    this.#plan = plan;
  }
  async connect(): Promise<never> {
    throw new Error(`not yet ${this.#plan.reader} ${new LatencyHistogram().count}`);
  }
  load(): void {}
  async finish(): Promise<void> {}
  async close(): Promise<void> {}
  halt(): void {}
  latencySoFar(): string | null {
    return null;
  }
  report(): never {
    throw new Error('not yet');
  }
}
