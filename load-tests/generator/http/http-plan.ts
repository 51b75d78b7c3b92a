/** What a load of HTTP requests is asked to do: one request, over and over, by so many connections that each wait for their answer. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { LoadTarget } from '../load-plan.ts';

/** What every connection sends. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, from the origin on. */
  readonly path: string;
  /** JSON text; null sends none. */
  readonly body: string | null;
  /** Whether the target's token goes with it. */
  readonly withToken: boolean;
}

/** One closed load, carried out by {@link LoadCoordinator.http}. */
export interface HttpLoadPlan {
  readonly target: Pick<LoadTarget, 'httpUrl' | 'apiToken'>;
  readonly request: HttpRequest;
  readonly connections: number;
  /** Load that is not measured, before the measured window, on the same connections. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** An answer that is not there by then will not come; at least a second, as autocannon takes it. */
  readonly timeoutMs: number;
}

export const HTTP_PHASES = ['warm-up', 'measure', 'drain'] as const;
export type HttpPhase = (typeof HTTP_PHASES)[number];

/** A running total about twice a second. */
export interface HttpProgress {
  readonly phase: HttpPhase;
  readonly remainingMs: number;
  /** Answers of any status so far. */
  readonly answers: number;
  readonly answersPerSecond: number;
  /** Of the measured window so far; null before it. */
  readonly p99Ms: number | null;
  /** Requests without an answer, and answers that are no 2xx. */
  readonly failed: number;
}

export interface HttpObserver {
  /** Called as a phase begins; the load does not wait for it. */
  phase(phase: HttpPhase): Promise<void> | void;
  progress(progress: HttpProgress): void;
}

const LEAST_TIMEOUT_MS = 1_000;

/** @throws TouchlineError `TL_PLAN_INVALID` naming all that is wrong */
export function checkHttpPlan({ target, request, ...plan }: HttpLoadPlan): void {
  const problems: string[] = [];
  if (!/^https?:\/\//.test(target.httpUrl) || !URL.canParse(target.httpUrl)) {
    problems.push(`an http:// or https:// origin; received ${target.httpUrl}`);
  }
  if (!/^\/[\x21-\x7e]*$/.test(request.path)) {
    problems.push(`a path that begins with / and has no blanks; received "${request.path}"`);
  }
  if (!Number.isInteger(plan.connections) || plan.connections < 1) {
    problems.push(`at least 1 connection; received ${plan.connections}`);
  }
  if (!(plan.warmUpMs >= 0)) problems.push(`a warm-up of 0 ms or more; received ${plan.warmUpMs}`);
  if (!(plan.measureMs > 0)) problems.push(`a measured window above 0 ms; received ${plan.measureMs}`);
  if (!(plan.timeoutMs >= LEAST_TIMEOUT_MS)) {
    problems.push(`a timeout of ${LEAST_TIMEOUT_MS} ms or more; received ${plan.timeoutMs}`);
  }
  if (problems.length > 0) throw new TouchlineError('TL_PLAN_INVALID', `expected ${problems.join('; ')}`);
}
