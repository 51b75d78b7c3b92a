/** One broadcast: a commentary over HTTP, at the time the schedule has for it. */

import { check } from 'k6';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { writeLedgerText } from '../lib/ledger-text.ts';
import { NO_ANSWER } from '../lib/reasons.ts';
import { REQUEST_TIMEOUT, type RunStart } from '../lib/run-plan.ts';
import type { Settings } from '../lib/settings.ts';
import * as metrics from './load-metrics.ts';
import { takeTurn } from './schedule.ts';

/**
 * To be called by a `constant-arrival-rate` scenario. Latency counts from the time that its schedule has for this iteration, not
 * from the time that k6 came to it.
 *
 * @param ratePerSecond of that scenario
 */
export function publish(
  settings: Settings,
  { runId, startedAtMs }: RunStart,
  ratePerSecond: number,
): RefinedResponse<ResponseType | undefined> {
  const { seq, intendedAtMs, beganAtMs } = takeTurn(ratePerSecond);
  metrics.broadcastsSent.add(1);
  const [intendedMs, sentMs] = [intendedAtMs - startedAtMs, beganAtMs - startedAtMs];
  const text = writeLedgerText(runId, { seq, intendedMs, sentMs });
  const answer = http.post(
    `${settings.httpUrl}/matches/${settings.matchId}/commentary`,
    JSON.stringify({ minute: 45, text }),
    { headers: jsonHeaders(settings), timeout: REQUEST_TIMEOUT, tags: { name: 'POST commentary' } },
  );
  const accepted = check(answer, { 'the commentary was accepted': ({ status }) => status === 201 });
  if (accepted) metrics.broadcastsAccepted.add(1);
  else metrics.publishFailures.add(1, { reason: answer.status === 0 ? NO_ANSWER : String(answer.status) });
  return answer;
}

/** What a request with a JSON body is sent with. */
export function jsonHeaders({ apiToken }: Settings): Record<string, string> {
  const json = { 'Content-Type': 'application/json' };
  return apiToken === '' ? json : { ...json, Authorization: `Bearer ${apiToken}` };
}
