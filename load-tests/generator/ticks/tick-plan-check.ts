/** Refuses tick plans that cannot be carried out, saying all that is wrong with them. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { isBrowserReader, readerId, TICK_FORMATS, TICK_READERS, type TickPlan } from './tick-plan.ts';

/** What a server takes as a name (PROTOCOLS: `[\w.-]{1,64}`). */
const CLIENT_ID = /^[\w.-]{1,64}$/;

/** @throws TouchlineError `TL_PLAN_INVALID` naming what is wrong */
export function checkTickPlan(plan: TickPlan): void {
  const problems = [...kindProblems(plan), ...numberProblems(plan), ...browserProblems(plan)];
  if (problems.length > 0) throw new TouchlineError('TL_PLAN_INVALID', `expected ${problems.join('; ')}`);
}

function kindProblems({ reader, format, target, clientId, readers }: TickPlan): readonly string[] {
  const problems: string[] = [];
  if (!TICK_READERS.includes(reader)) {
    problems.push(`a reader that is one of ${TICK_READERS.join(', ')}; received "${reader}"`);
  }
  if (!TICK_FORMATS.includes(format)) problems.push(`the format json or binary; received "${format}"`);
  if (!/^wss?:\/\//.test(target.wsUrl) || !URL.canParse(target.wsUrl)) {
    problems.push(`a ws:// or wss:// address; received ${target.wsUrl}`);
  } else if (reader === 'lean' && !target.wsUrl.startsWith('ws://')) {
    problems.push(`a ws:// address for the lean reader (use ws for wss://); received ${target.wsUrl}`);
  }
  const longestId = readerId(clientId, Math.max(readers, 1) - 1);
  if (!CLIENT_ID.test(longestId)) {
    problems.push(`a clientId of 1–64 characters [A-Za-z0-9_.-], a number included; received "${longestId}"`);
  }
  return problems;
}

function numberProblems(plan: TickPlan): readonly string[] {
  const { readers, slowReaders, slowBeforeMs = 0, warmUpMs, measureMs, ackEveryMs, timeEvery = 1 } = plan;
  const { connectTimeoutMs = 1, connectsInFlight = 1, drainTimeoutMs = 1 } = plan;
  const atLeast = (least: number, counts: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(counts)
      .filter(([, count]) => !(Number.isSafeInteger(count) && count >= least))
      .map(([name, count]) => `a whole number of ${name}, at least ${least}; received ${count}`);
  const problems = [
    ...atLeast(0, { slowReaders, slowBeforeMs, warmUpMs, ackEveryMs }),
    ...atLeast(1, { readers, measureMs, timeEvery, connectTimeoutMs, connectsInFlight, drainTimeoutMs }),
  ];
  if (slowReaders > 0 && slowReaders >= readers) {
    problems.push(`fewer slow readers than readers; received ${slowReaders} of ${readers}`);
  }
  if (slowBeforeMs > warmUpMs) {
    problems.push(`slowBeforeMs within the warm-up of ${warmUpMs} ms; received ${slowBeforeMs}`);
  }
  return problems;
}

function browserProblems({ reader, readers, slowReaders, browser }: TickPlan): readonly string[] {
  if (!isBrowserReader(reader)) return [];
  const problems: string[] = [];
  if (readers !== 1 || slowReaders !== 0) {
    problems.push(`1 browser reader, which is not slow on purpose; received ${readers}, ${slowReaders} slow`);
  }
  const origin = browser?.pageOrigin ?? '';
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    problems.push(`browser.pageOrigin, the origin of a running TickPage; received "${origin}"`);
  }
  return problems;
}
