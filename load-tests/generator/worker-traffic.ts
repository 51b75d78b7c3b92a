/** All that goes over the channel between parent and worker: the words of tiers, of churn runs and of tick loads. */

import type { ChurnCommand, ChurnEvent } from './churn/churn-messages.ts';
import type { TickCommand, TickEvent } from './ticks/tick-messages.ts';
import type { WorkerCommand, WorkerEvent } from './worker-messages.ts';

/** Parent → worker. */
export type ToWorker = WorkerCommand | ChurnCommand | TickCommand;

/** Worker → parent. */
export type FromWorker = WorkerEvent | ChurnEvent | TickEvent;

export type FromWorkerType = FromWorker['type'];
/** The event of one type. */
export type FromWorkerOf<T extends FromWorkerType> = Extract<FromWorker, { readonly type: T }>;
