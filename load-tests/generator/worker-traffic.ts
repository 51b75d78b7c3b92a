/** All that goes over the channel between parent and worker: the words of tiers, of churn runs, of tick loads and of HTTP loads. */

import type { ChurnCommand, ChurnEvent } from './churn/churn-messages.ts';
import type { HttpCommand, HttpEvent } from './http/http-messages.ts';
import type { TickCommand, TickEvent } from './ticks/tick-messages.ts';
import type { WorkerCommand, WorkerEvent } from './worker-messages.ts';

/** Parent → worker. */
export type ToWorker = WorkerCommand | ChurnCommand | TickCommand | HttpCommand;

/** Worker → parent. */
export type FromWorker = WorkerEvent | ChurnEvent | TickEvent | HttpEvent;

export type FromWorkerType = FromWorker['type'];
/** The event of one type. */
export type FromWorkerOf<T extends FromWorkerType> = Extract<FromWorker, { readonly type: T }>;
