/** All that goes over the channel between parent and worker: the words of tiers, and those of churn runs. */

import type { ChurnCommand, ChurnEvent } from './churn/churn-messages.ts';
import type { WorkerCommand, WorkerEvent } from './worker-messages.ts';

/** Parent → worker. */
export type ToWorker = WorkerCommand | ChurnCommand;

/** Worker → parent. */
export type FromWorker = WorkerEvent | ChurnEvent;

export type FromWorkerType = FromWorker['type'];
/** The event of one type. */
export type FromWorkerOf<T extends FromWorkerType> = Extract<FromWorker, { readonly type: T }>;
