/** The verdict as one sentence that a stranger understands. */

import { totalBroken } from '../checks/total-sentence.ts';
import { formatConnections, formatCount, formatMs, formatQuantity } from '../quantities.ts';
import { formatLimit, THRESHOLD_NAMES } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { ChurnContext } from './churn-context.ts';
import { passedSentence } from './passed-sentence.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** @param deciding the checks that made the verdict; the first one is told, the others are counted */
export function verdictSentence(
  verdict: VerdictWord,
  deciding: readonly Check[],
  context: ChurnContext,
): string {
  if (verdict === 'pass') return `Pass: ${passedSentence(context.analysis)}.`;
  const [first] = deciding;
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  const others = deciding.length - 1;
  const more = others < 1 ? '' : `; ${others} more ${others === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
  return verdict === 'fail'
    ? `Fail: ${failed(first, context)}${more}.`
    : `Inconclusive: ${doubted(first, others < 1)}${more}.`;
}

/** Everyday words for what broke; the table of checks has the rest. */
function failed(check: Check, context: ChurnContext): string {
  const { analysis } = context;
  const seen = formatQuantity(check.observed, check.unit);
  const detail = check.detail ?? '';
  switch (check.name) {
    case 'structures':
      return `the server kept entries for clients that were gone: ${detail}`;
    case 'listeners':
      return `${seen} listeners stayed for clients that were gone: ${detail}`;
    case 'timers':
      return `${seen} timers went on for clients that were gone`;
    case 'fds':
      return `${seen} file descriptors stayed open when all clients were gone`;
    case 'classes':
      return `objects stayed alive for clients that were gone: ${detail}`;
    case 'half-open':
      return `a client that fell silent was found only after ${seen}, ${formatMs(analysis.halfOpen?.detection.maxMs ?? null)} (limit ${limitOf(check)})`;
    case 'half-open-missed':
      return `${seen} clients that fell silent were never found (${detail})`;
    case 'release-time':
      return releaseFailed(check, context);
    case 'not-recovered':
      return `${seen} clients did not come back from the storm with everything they missed (${detail})`;
    default:
      return totalBroken(check, analysis.parts) ?? `${check.title.toLowerCase()}: ${seen}`;
  }
}

function releaseFailed(check: Check, { analysis }: ChurnContext): string {
  const { release, unnoticedEnds } = analysis;
  const limit = `(limit ${limitOf(check)})`;
  if ((unnoticedEnds ?? 0) > 0) {
    return `the server did not notice that ${formatConnections(unnoticedEnds)} had ended and kept them until its heartbeat found them, ${atLeast(check, release?.isLowerBound)} after the last end ${limit}`;
  }
  if ((release?.stillHeld ?? 0) > 0) {
    return `the server still held ${formatConnections(release?.stillHeld ?? null)} ${formatMs(check.observed)} after the last client was gone ${limit}`;
  }
  return `the server took ${formatMs(check.observed)} to let go of clients that were gone ${limit}`;
}

function atLeast({ observed }: Check, isLowerBound: boolean | undefined): string {
  return `${isLowerBound === true ? 'at least ' : ''}${formatMs(observed)}`;
}

function limitOf({ name, threshold, unit }: Check): string {
  const known = THRESHOLD_NAMES.find((candidate) => candidate === name);
  return known === undefined ? formatQuantity(threshold, unit) : formatLimit(known, threshold);
}

/** @param alone whether no other check failed or is in doubt */
function doubted(check: Check, alone: boolean): string {
  if (check.name === 'healthy-rig') {
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  }
  if (check.name === 'completed') {
    return `the run was cut short: ${check.detail ?? `${formatCount(0)} clients were measured`}`;
  }
  const rest = alone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
}
