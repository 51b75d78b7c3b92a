/** The verdict as one sentence that a stranger understands. */

import { checkLimit } from '../check-limit.ts';
import { HOW_TO_SEE } from '../checks/lifecycle-checks.ts';
import { totalBroken } from '../checks/total-sentence.ts';
import type { Decision } from '../decision.ts';
import { formatClients, formatConnections, formatCount, formatMs, formatQuantity } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import { sentenceOf } from '../verdict-sentence.ts';
import { type ChurnContext, lostToHistory } from './churn-context.ts';
import { passedSentence } from './passed-sentence.ts';

export function verdictSentence(decision: Decision, context: ChurnContext): string {
  return sentenceOf(decision, {
    passed: () => passedSentence(context.analysis),
    failed: (first) => failed(first, context),
    doubted,
  });
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
      return `${seen} ${check.observed === 1 ? 'listener' : 'listeners'} stayed for clients that were gone: ${detail}`;
    case 'timers':
      return `${seen} ${check.observed === 1 ? 'timer' : 'timers'} went on for clients that were gone`;
    case 'fds':
      return `${seen} file ${check.observed === 1 ? 'descriptor' : 'descriptors'} stayed open when all clients were gone`;
    case 'classes':
      return `objects stayed alive for clients that were gone: ${detail}`;
    case 'half-open':
      return `a client that fell silent was found only after ${seen}, ${formatMs(analysis.halfOpen?.detection.maxMs ?? null)} (limit ${checkLimit(check)})`;
    case 'half-open-missed':
      return `${formatClients(check.observed)} that fell silent ${check.observed === 1 ? 'was' : 'were'} never found (${detail})`;
    case 'release-time':
      return releaseFailed(check, context);
    case 'lost':
      return `${totalBroken(check, analysis.parts)}${lostToHistory(context) ? ', gone from the history before their clients were back from the storm' : ''}`;
    case 'not-recovered':
      return `${formatClients(check.observed)} did not come back from the storm with everything missed meanwhile (${detail})`;
    default:
      return totalBroken(check, analysis.parts) ?? `${check.title.toLowerCase()}: ${seen}`;
  }
}

function releaseFailed(check: Check, { analysis }: ChurnContext): string {
  const { release, unnoticedEnds } = analysis;
  const limit = `(limit ${checkLimit(check)})`;
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

/** @param alone whether no other check failed or is in doubt */
function doubted(check: Check, alone: boolean): string {
  if (check.name === 'healthy-rig') {
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  }
  if (check.name === 'completed') {
    return `the run was cut short: ${check.detail ?? `${formatCount(0)} clients were measured`}`;
  }
  if (check.detail === HOW_TO_SEE)
    return `what the server keeps of clients that are gone is not known: ${HOW_TO_SEE}`;
  const rest = alone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged: ${check.detail ?? 'it was not seen'}`;
}
