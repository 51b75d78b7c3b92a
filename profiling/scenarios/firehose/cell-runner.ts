/** Measures cell after cell and keeps what there is, however the run ends. */

import type { TickPlan } from '../../../load-tests/generator/ticks/tick-plan.ts';
import { setupLabel } from '../../record/firehose-label.ts';
import type { FirehoseCell, NotMeasured } from '../../record/firehose-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Target } from '../../run/target.ts';
import { attempt, endAfter } from '../run-steps.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { AskedCell } from './firehose-cells.ts';
import { CELL_MARGIN_MS, type CellTimes, measureCell } from './measure-cell.ts';

/** The rate that was found is measured this much longer than the others. */
const CONFIRMATION_FACTOR = 2;
/**
 * Readers stop so long before the window of their cell: the kernel's buffers fill (4 MB: 0.6 s of 100,000 JSON ticks a
 * second), and the server waits for them as long as it does (1 s). What is measured is how it goes on.
 */
const SLOW_BEFORE_MS = 2_000;
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
        ...this.#timesOf(planned),
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

  #timesOf({ part, kind, setup }: PlannedCell): CellTimes {
    const { warmUpMs, measureMs, quick } = this.#context.options;
    if (kind === 'confirmation') return { warmUpMs, measureMs: measureMs * CONFIRMATION_FACTOR };
    // With and without those that stop, so that the others have read as long.
    if (part === 'slow') {
      const slowBeforeMs = setup.slowReaders === 0 ? 0 : SLOW_BEFORE_MS;
      return { warmUpMs: warmUpMs + SLOW_BEFORE_MS, measureMs, slowBeforeMs };
    }
    const isJudged = part === 'search' || part === 'benchmark';
    const windowMs = quick && !isJudged ? Math.min(measureMs, MOST_QUICK_COMPARED_MS) : measureMs;
    return { warmUpMs, measureMs: windowMs };
  }
}

/** About how long one cell takes. */
export function cellMs({ options }: Pick<ScenarioContext, 'options'>): number {
  return options.warmUpMs + options.measureMs + CELL_MARGIN_MS;
}
