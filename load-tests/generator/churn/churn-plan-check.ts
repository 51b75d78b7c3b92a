/** Refuses churn plans that cannot be carried out, saying all that is wrong with them. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { isRunId } from '../ledger/ledger-entry.ts';
import { visitCount } from '../worker/churn/churn-schedule.ts';
import type { ChurnPlan } from './churn-plan.ts';

/** A row of the ledger takes about 200 bytes a client. */
const MAX_VISITS = 1_000_000;

/** @throws TouchlineError `TL_PLAN_INVALID` naming what is wrong */
export function checkChurnPlan(plan: ChurnPlan): void {
  const problems = [...identityProblems(plan), ...numberProblems(plan), ...shareProblems(plan)];
  if (problems.length > 0) throw new TouchlineError('TL_PLAN_INVALID', `expected ${problems.join('; ')}`);
}

function identityProblems({ runId, client, target }: ChurnPlan): readonly string[] {
  const problems: string[] = [];
  if (!isRunId(runId)) problems.push(`a runId of 1–16 characters [a-z0-9]; received "${runId}"`);
  if (client === 'lean' && !target.wsUrl.startsWith('ws://')) {
    problems.push(`a ws:// address for the lean client (use ws for wss://); received ${target.wsUrl}`);
  }
  return problems;
}

function numberProblems(plan: ChurnPlan): readonly string[] {
  const { connectsPerSecond, churnMs, broadcastsPerSecond, silentTimeoutMs } = plan;
  const positive = { connectsPerSecond, churnMs, broadcastsPerSecond, silentTimeoutMs };
  const problems = Object.entries(positive)
    .filter(([, value]) => !(value > 0 && Number.isFinite(value)))
    .map(([name, value]) => `${name} above 0; received ${value}`);
  if (!Number.isInteger(plan.connectsInFlight) || plan.connectsInFlight < 1) {
    problems.push(`at least 1 handshake in flight; received ${plan.connectsInFlight}`);
  }
  if (visitCount(plan) > MAX_VISITS) {
    problems.push(`at most ${MAX_VISITS} clients over the churn; received ${visitCount(plan)}`);
  }
  return problems;
}

function shareProblems({ abruptRatio, stayMs, stormClients, stormAwayMs }: ChurnPlan): readonly string[] {
  const problems: string[] = [];
  if (!(abruptRatio >= 0 && abruptRatio <= 1)) {
    problems.push(`an abruptRatio from 0 to 1; received ${abruptRatio}`);
  }
  if (!(stayMs.min >= 0 && stayMs.max >= stayMs.min && Number.isFinite(stayMs.max))) {
    problems.push(`a stayMs from min (at least 0) to max; received ${stayMs.min} to ${stayMs.max}`);
  }
  if (!Number.isInteger(stormClients) || stormClients < 0) {
    problems.push(`a whole number of stormClients; received ${stormClients}`);
  }
  if (!(stormAwayMs >= 0 && Number.isFinite(stormAwayMs))) {
    problems.push(`a stormAwayMs of at least 0; received ${stormAwayMs}`);
  }
  return problems;
}
