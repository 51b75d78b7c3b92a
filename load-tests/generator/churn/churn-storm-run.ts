/** The storm of a churn run, phase by phase: gather, be cut, come back, leave. */

import { GRACE_MS, START_MARGIN_US } from '../crew.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { PublishReport } from '../worker-messages.ts';
import type { ChurnCrew } from './churn-crew.ts';
import type { GatherReport, ReturnReport, StormReport } from './churn-messages.ts';

/** Publishing before the cut and after the return, so that members have a position, and hear on once they are back. */
const LIVE_MS = 1_000;

/** What the workers and the publisher said of a storm. */
export interface StormOutcome {
  readonly gathers: readonly GatherReport[];
  readonly cut: number;
  /** µs of the shared clock; the last worker's. */
  readonly cutUs: number;
  readonly returns: readonly ReturnReport[];
  readonly publish: PublishReport;
  /** How long it was published, µs. */
  readonly publishedUs: number;
  readonly reports: readonly StormReport[];
}

interface Publishing {
  readonly startUs: number;
  readonly done: Promise<PublishReport>;
}

type Returned = Pick<StormOutcome, 'cut' | 'cutUs' | 'returns'>;

export class StormRun {
  readonly #crew: ChurnCrew;
  readonly #publisher: number;

  /** @param publisher its number in the ledger entries of the storm */
  constructor(crew: ChurnCrew, publisher: number) {
    this.#crew = crew;
    this.#publisher = publisher;
  }

  /** Null when the run ended before anyone could come back. */
  async execute(): Promise<StormOutcome | null> {
    const gathers = await this.#gather();
    if (gathers === null) return null;
    const publishing = await this.#publish();
    const returned = await this.#storm();
    await this.#crew.stop.pause(LIVE_MS);
    const publishedUs = monotonicUs() - publishing.startUs;
    this.#crew.haltPublisher(this.#crew.isStopped ? GRACE_MS : this.#crew.plan.drainTimeoutMs);
    const publish = await publishing.done;
    const reports = await this.#drain(publish);
    await this.#close();
    return returned === null ? null : { gathers, ...returned, publish, publishedUs, reports };
  }

  async #gather(): Promise<readonly GatherReport[] | null> {
    const crew = this.#crew;
    await crew.enter('gather');
    if (crew.isStopped) return null;
    const answers = await crew.askAll({ type: 'storm-gather' }, 'storm-gathered');
    const gathers = answers.map((answer) => answer.report);
    if (gathers.some((gather) => gather.members > 0)) return gathers;
    crew.stop.stop('lost-target');
    return null;
  }

  async #publish(): Promise<Publishing> {
    const { plan } = this.#crew;
    await this.#crew.preparePublisher(this.#publisher);
    const startUs = monotonicUs() + START_MARGIN_US;
    // Halted once everyone is back; the schedule only must not end before.
    const longestMs = 2 * LIVE_MS + plan.stormAwayMs + 3 * plan.connectTimeoutMs;
    const measureEndUs = startUs + longestMs * 1_000;
    return { startUs, done: this.#crew.publish({ startUs, measureStartUs: startUs, measureEndUs }) };
  }

  async #storm(): Promise<Returned | null> {
    const crew = this.#crew;
    await crew.stop.pause(LIVE_MS + START_MARGIN_US / 1_000);
    if (crew.isStopped) return null;
    crew.announce('storm');
    const aways = await crew.askAll({ type: 'storm-cut' }, 'storm-away');
    const cutUs = Math.max(...aways.map((away) => away.atUs));
    const atUs = cutUs + crew.plan.stormAwayMs * 1_000;
    await crew.stop.pause((atUs - START_MARGIN_US - monotonicUs()) / 1_000);
    if (crew.isStopped) return null;
    const answers = await crew.askAll({ type: 'storm-return', atUs }, 'storm-returned');
    const returns = answers.map((answer) => answer.report);
    if (returns.every((each) => each.recovered === 0)) crew.stop.stop('lost-target');
    return { cut: aways.reduce((sum, away) => sum + away.cut, 0), cutUs, returns };
  }

  async #drain(publish: PublishReport): Promise<readonly StormReport[]> {
    const crew = this.#crew;
    await crew.enter('drain');
    const left = await crew.askAll({ type: 'storm-leave', timeoutMs: this.#timeoutMs() }, 'storm-left');
    if (left.every(({ open }) => open === 0)) crew.stop.stop('lost-target');
    const unconfirmedSeqs = publish.unconfirmed.map(({ seq }) => seq);
    const answers = await crew.askAll({ type: 'storm-report', unconfirmedSeqs }, 'storm-reported');
    return answers.map((answer) => answer.report);
  }

  async #close(): Promise<void> {
    await this.#crew.enter('close');
    await this.#crew.askAll({ type: 'storm-close', timeoutMs: this.#timeoutMs() }, 'storm-closed');
  }

  #timeoutMs(): number {
    return this.#crew.isStopped ? GRACE_MS : this.#crew.plan.drainTimeoutMs;
  }
}
