/** RunRecord v1: the one file between measuring and judging (`run.json`), one shape for each scenario. */

import { type BroadcastBody, type BroadcastRecord, BroadcastRecordSchema } from './broadcast-record.ts';
import { type ChurnBody, type ChurnRecord, ChurnRecordSchema } from './churn-record.ts';
import {
  type ConcurrencyBody,
  type ConcurrencyRecord,
  ConcurrencyRecordSchema,
} from './concurrency-record.ts';
import { type FirehoseBody, type FirehoseRecord, FirehoseRecordSchema } from './firehose-record.ts';
import { type HttpBody, type HttpRecord, HttpRecordSchema } from './http-record.ts';
import { type MemoryBody, type MemoryRecord, MemoryRecordSchema } from './memory-record.ts';
import { type OverheadBody, type OverheadRecord, OverheadRecordSchema } from './overhead-record.ts';

export const RUN_RECORD_SCHEMAS = {
  concurrency: ConcurrencyRecordSchema,
  broadcast: BroadcastRecordSchema,
  memory: MemoryRecordSchema,
  churn: ChurnRecordSchema,
  firehose: FirehoseRecordSchema,
  overhead: OverheadRecordSchema,
  http: HttpRecordSchema,
} as const;

export type ScenarioName = keyof typeof RUN_RECORD_SCHEMAS;
export const SCENARIO_NAMES = Object.keys(RUN_RECORD_SCHEMAS) as readonly ScenarioName[];
/** What a baseline is made of: how many WebSockets a server takes is not told by its plain HTTP. */
export const BASELINE_NAMES = SCENARIO_NAMES.filter((name) => name !== 'http');

export type RunRecord =
  | ConcurrencyRecord
  | BroadcastRecord
  | MemoryRecord
  | ChurnRecord
  | OverheadRecord
  | HttpRecord
  | FirehoseRecord;
/** A record without what all of them share; `scenario` tells which it is. */
export type RunBody =
  | ConcurrencyBody
  | BroadcastBody
  | MemoryBody
  | ChurnBody
  | OverheadBody
  | FirehoseBody
  | HttpBody;
export type BodyOf<Name extends ScenarioName> = Extract<RunBody, { readonly scenario: Name }>;
