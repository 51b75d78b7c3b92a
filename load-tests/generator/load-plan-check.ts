/** Whether a load plan can be carried out. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { isRunId } from './ledger/ledger-entry.ts';
import { type LoadPlan, MAX_LATENCY_SLOTS } from './load-plan.ts';

/** @throws TouchlineError `TL_PLAN_INVALID` naming all that is wrong */
export function checkPlan(plan: LoadPlan): void {
  const problems = [...loadProblems(plan), ...specialClientProblems(plan)];
  if (problems.length > 0) throw new TouchlineError('TL_PLAN_INVALID', `expected ${problems.join('; ')}`);
}

function loadProblems(plan: LoadPlan): readonly string[] {
  const problems: string[] = [];
  if (!isRunId(plan.runId)) problems.push(`a runId of 1–16 characters [a-z0-9]; received "${plan.runId}"`);
  if (plan.client === 'lean' && !plan.target.wsUrl.startsWith('ws://')) {
    problems.push(`a ws:// address for the lean client (use ws for wss://); received ${plan.target.wsUrl}`);
  }
  if (plan.closedPublishers === undefined && !(plan.broadcastsPerSecond > 0)) {
    problems.push(`a rate above 0 broadcasts/s; received ${plan.broadcastsPerSecond}`);
  }
  if (!(plan.measureMs > 0)) problems.push(`a measured window above 0 ms; received ${plan.measureMs}`);
  if (!Number.isInteger(plan.connectsInFlight) || plan.connectsInFlight < 1) {
    problems.push(`at least 1 handshake in flight; received ${plan.connectsInFlight}`);
  }
  const { latencySlots } = plan;
  if (latencySlots !== undefined && !isSlotCount(latencySlots)) {
    problems.push(`a whole number of latency slots, 1 to ${MAX_LATENCY_SLOTS}; received ${latencySlots}`);
  }
  return problems;
}

function isSlotCount(slots: number): boolean {
  return Number.isInteger(slots) && slots >= 1 && slots <= MAX_LATENCY_SLOTS;
}

function specialClientProblems({
  connections,
  closedPublishers,
  slowReaders = 0,
  leaveEarly = 0,
  pingsPerClient = 0,
}: LoadPlan): readonly string[] {
  const problems: string[] = [];
  if (closedPublishers !== undefined && !(Number.isInteger(closedPublishers) && closedPublishers >= 1)) {
    problems.push(`at least 1 closed publisher; received ${closedPublishers}`);
  }
  for (const [name, count] of Object.entries({ slowReaders, leaveEarly, pingsPerClient })) {
    if (!Number.isInteger(count) || count < 0) problems.push(`a whole number of ${name}; received ${count}`);
  }
  if (slowReaders > 0 && slowReaders >= connections) {
    problems.push(`fewer slow readers than connections; received ${slowReaders} of ${connections}`);
  }
  if (slowReaders + leaveEarly > connections) {
    problems.push(
      `no more than ${connections} clients that leave early or read slowly; received ${slowReaders + leaveEarly}`,
    );
  }
  return problems;
}
