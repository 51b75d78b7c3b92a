/** What the generator is asked to do in each part of a broadcast run, and about how long it takes. */

import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { estimateTierMs, planTier } from '../tier-plan.ts';

/** The longest text the server takes: the sooner the buffers of a stopped reader are full. */
export const LONG_TEXT = 2_000;
/** Around the text: the envelope of a commentary message and its frame. */
const ENVELOPE_BYTES = 150;
/** What the kernel keeps for a reader that stopped (4 MB on Linux), and the server's own limit of 1 MiB. */
const BUFFERS_BYTES = 5_200_000;
/** Past the moment when the buffers are full: what the server does then must be seen. */
const SPARE_RATIO = 1.2;
const LONGEST_SLOW_MS = 15_000;
/** Two heartbeats of a quick run (2 s) and what the timers need: by then a silent reader is found. */
const LONGEST_QUICK_SLOW_MS = 4_500;
/** The rate that was found is measured this much longer than the others. */
const CONFIRMATION_FACTOR = 2;

/** A part of the run: its place gives it a match of its own. */
interface Part {
  readonly index: number;
  readonly rate: number;
}

/** One rate of the search. */
export function ratePlan(context: ScenarioContext, part: Part, isConfirmation: boolean): LoadPlan {
  const { measureMs } = context.options;
  return {
    ...basePlan(context, part),
    measureMs: isConfirmation ? measureMs * CONFIRMATION_FACTOR : measureMs,
    fanOutShape: true,
  };
}

/** Publishers that each wait for their answer. */
export function closedPlan(context: ScenarioContext, index: number): LoadPlan {
  const { publishers, closedMs } = context.options;
  return { ...basePlan(context, { index, rate: 1 }), measureMs: closedMs, closedPublishers: publishers };
}

/** The same load without and with readers that stop reading. */
export function slowReaderPlan(context: ScenarioContext, part: Part, slowReaders: number): LoadPlan {
  return {
    ...basePlan(context, part),
    measureMs: slowReaderMs(context.options, part.rate),
    textLength: LONG_TEXT,
    ...(slowReaders === 0 ? {} : { slowReaders }),
  };
}

/** Long enough for the buffers of a stopped reader to fill, where that is not too long. */
export function slowReaderMs({ measureMs, quick }: ScenarioOptions, rate: number): number {
  const fullAfterMs = (BUFFERS_BYTES / (rate * (LONG_TEXT + ENVELOPE_BYTES))) * 1_000;
  const longest = quick ? LONGEST_QUICK_SLOW_MS : LONGEST_SLOW_MS;
  return Math.max(measureMs, Math.min(longest, Math.ceil(fullAfterMs * SPARE_RATIO)));
}

/** Comfortable for the server: half of what it sustains, and no less than the lowest rate of the search. */
export function slowReaderRate({ rates }: ScenarioOptions, sustained: number | null): number {
  return Math.max(rates[0] ?? 1, (sustained ?? 0) / 2);
}

/** About how long one rate takes. */
export function estimateStepMs(options: ScenarioOptions): number {
  return estimateTierMs(options, options.connections);
}

/** About how long the parts after the search take. */
export function estimateRestMs(options: ScenarioOptions): number {
  const { closedMs, slowReaders, connections } = options;
  const closed = closedMs === 0 ? 0 : estimateTierMs({ ...options, measureMs: closedMs }, connections);
  const longest = options.quick ? LONGEST_QUICK_SLOW_MS : LONGEST_SLOW_MS;
  const compared =
    slowReaders === 0 ? 0 : 2 * estimateTierMs({ ...options, measureMs: longest }, connections);
  return closed + compared;
}

function basePlan({ options, startedAt, target }: ScenarioContext, { index, rate }: Part): LoadPlan {
  const { connections } = options;
  return {
    ...planTier({ options, startedAt, target: target.load, tierIndex: index, connections }),
    // The rate is what is searched for: it is asked for as it is, however many connections there are.
    broadcastsPerSecond: rate,
  };
}
