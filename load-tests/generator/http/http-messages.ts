/**
 * What parent and worker say to each other in a load of HTTP requests, over the same channel as {@link WorkerCommand}.
 *
 * It goes: http-prepare → http-prepared (autocannon is loaded) · http-fire → http-fired. `http-halt` may come meanwhile and breaks the load off. The publisher process
 * takes these.
 */

import type { LoadWindow } from '../latency/latency-book.ts';
import type { FailureCount, LoadSecond } from '../load-result.ts';
import type { WindowReport } from '../worker-messages.ts';
import type { HttpLoadPlan } from './http-plan.ts';
import type { AutocannonResult, HttpStatus } from './http-result.ts';

/** Parent → worker. */
export type HttpCommand =
  | { readonly type: 'http-prepare' }
  | { readonly type: 'http-fire'; readonly plan: HttpLoadPlan; readonly window: LoadWindow }
  | { readonly type: 'http-halt' };

export function isOfHttp(command: { readonly type: string }): command is HttpCommand {
  return command.type.startsWith('http-');
}

/** What one worker has to tell of its load. */
export interface HttpBookReport {
  /** When the measured window ended, µs of the monotonic clock. */
  readonly endUs: number;
  readonly sent: number;
  readonly statuses: readonly HttpStatus[];
  readonly failures: readonly FailureCount[];
  readonly undetermined: number;
  readonly givenUp: number;
  readonly answersInWindow: number;
  readonly bytesInWindow: number;
  readonly firstHalf: string;
  readonly secondHalf: string;
  readonly seconds: readonly LoadSecond[];
}

/** Worker → parent. */
export type HttpEvent = { readonly type: 'http-prepared' } | HttpFired;

export interface HttpFired {
  readonly type: 'http-fired';
  readonly report: HttpBookReport;
  /** Null when the load ended before the window began. */
  readonly window: WindowReport | null;
  /** autocannon's own result; null when nothing was sent. */
  readonly autocannon: AutocannonResult | null;
}
