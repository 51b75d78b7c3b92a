/** Measures cell after cell and keeps what there is, however the run ends. */

import type { TickPlan } from '../../../load-tests/generator/ticks/tick-plan.ts';
import { setupLabel } from '../../record/firehose-label.ts';
import type { FirehoseCell, NotMeasured } from '../../record/firehose-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { AskedCell } from './firehose-cells.ts';
import { CELL_MARGIN_MS, measureCell } from './measure-cell.ts';

/** The rate that was found is measured this much longer than the others. */
const CONFIRMATION_FACTOR = 2;
/**
 * A reader that stopped must be seen when the kernel's buffers are full (4 MB: 0.6 s of 100,000 JSON ticks a second), and
 * the server has waited for it as long as it does (1 s).
 */
const LEAST_SLOW_MS = 3_000;
/** What is not judged by its latency says enough in less than a second where time is short. */
const MOST_QUICK_COMPARED_MS = 700;

/** A cell and where it is measured. */
export interface PlannedCell extends AskedCell {
  readonly kind?: NonNullable<FirehoseCell['kind']>;
  readonly server: Target;
  readonly clientId?: string;
  readonly browser?: TickPlan['browser'];
}

export class CellRunner {
  readonly cells: FirehoseCell[] = [];
  readonly notMeasured: NotMeasured[] = [];
  readonly #context: ScenarioContext;
  /** Cells that are still expected after the one that runs. */
  expected = 0;

  constructor(context: ScenarioContext) {
    this.#context = context;
  }

  /** @returns why the run ends here, if it does */
  async measure(planned: PlannedCell): Promise<RunOutcome | undefined> {
    const { server, setup, kind } = planned;
    const context = { ...this.#context, target: server };
    const label = setupLabel(setup);
    this.expected = Math.max(0, this.expected - 1);
    return attempt(context, label, async () => {
      const measured = await measureCell(context, {
        ...planned,
        warmUpMs: this.#context.options.warmUpMs,
        measureMs: this.#windowMs(planned),
        clientId: planned.clientId ?? `touchline-${setup.reader}`,
        step: kind === undefined || kind === 'sweep' ? label : `${kind} ${label}`,
        remainingAfterMs: this.expected * cellMs(this.#context),
      });
      if ('refusal' in measured) {
        this.notMeasured.push({ what: label, why: measured.refusal });
        return undefined;
      }
      this.cells.push(measured.cell);
      return endAfter(context, measured.cell.load.state, label);
    });
  }

  /** One after the other. @returns why the run ends here, if it does */
  async measureAll(planned: readonly PlannedCell[]): Promise<RunOutcome | undefined> {
    for (const one of planned) {
      const end = await this.measure(one);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  #windowMs({ part, kind, setup }: PlannedCell): number {
    const { measureMs, quick } = this.#context.options;
    if (kind === 'confirmation') return measureMs * CONFIRMATION_FACTOR;
    if (part === 'slow') return setup.slowReaders === 0 ? measureMs : Math.max(measureMs, LEAST_SLOW_MS);
    const isJudged = part === 'search' || part === 'benchmark';
    return quick && !isJudged ? Math.min(measureMs, MOST_QUICK_COMPARED_MS) : measureMs;
  }
}

/** About how long one cell takes. */
export function cellMs({ options }: Pick<ScenarioContext, 'options'>): number {
  return options.warmUpMs + options.measureMs + CELL_MARGIN_MS;
}
