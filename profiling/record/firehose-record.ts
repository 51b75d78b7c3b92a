/** What the scenario `firehose` measured: cells, each one setup of server and readers, in the order they were run. */

import { type Static, Type } from 'typebox';
import { TickResultSchema } from '../../load-tests/generator/ticks/tick-result.ts';
import { ENVELOPE } from './run-envelope.ts';
import { SocketBuffersSchema } from './socket-buffers-record.ts';
import { TickCountsSchema, TickSampleSchema } from './tick-flow-record.ts';
import { ServerCountersSchema, ServerSampleSchema, ServerWindowSchema } from './tier-record.ts';

const Count = Type.Integer({ minimum: 0 });
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** What a cell asks of the server and which readers it has. */
export const TickSetupSchema = Type.Object({
  /** `ws`, `uws`; `unknown` of a server that ran before. */
  engine: Type.String(),
  format: Type.Union([Type.Literal('json'), Type.Literal('binary')]),
  mode: Type.Union([
    Type.Literal('naive'),
    Type.Literal('framed'),
    Type.Literal('corked'),
    Type.Literal('coalesced'),
  ]),
  source: Type.Union([Type.Literal('unique'), Type.Literal('cached-1ms')]),
  /** Ticks per second asked for. */
  rate: Type.Number(),
  reader: Type.Union([
    Type.Literal('lean'),
    Type.Literal('ws'),
    Type.Literal('browser-naive'),
    Type.Literal('browser-sampled'),
  ]),
  /** Connections, slow readers included. */
  readers: Type.Integer({ minimum: 1 }),
  /** Of these, those that stop reading as the measured window begins. */
  slowReaders: Count,
});

/** What a cell is there for. `search`: rates to one lean reader, one search for each format. */
export const CellPartSchema = Type.Union([
  Type.Literal('search'),
  Type.Literal('readers'),
  Type.Literal('modes'),
  Type.Literal('sources'),
  Type.Literal('kinds'),
  Type.Literal('slow'),
  Type.Literal('engines'),
  Type.Literal('benchmark'),
]);

/** As in a search for broadcasts: up the list, between the last that held and the first that broke, once more. */
const StepKindSchema = Type.Union([
  Type.Literal('sweep'),
  Type.Literal('bisection'),
  Type.Literal('confirmation'),
]);

export const FirehoseCellSchema = Type.Object({
  part: CellPartSchema,
  /** Of the search alone. */
  kind: Type.Optional(StepKindSchema),
  setup: TickSetupSchema,
  load: TickResultSchema,
  /** The server's counters over the measured window. */
  window: TickCountsSchema,
  /** The same from before the first connection to after the last. */
  whole: TickCountsSchema,
  serverWindow: ServerWindowSchema,
  serverCounters: ServerCountersSchema,
  serverSamples: Type.Array(ServerSampleSchema),
  samples: Type.Array(TickSampleSchema),
  /** As the window ended, not collected first: ticks are flowing. */
  rssBytes: NullableNumber,
  heapUsedBytes: NullableNumber,
});

/** Something that was asked for and could not be measured here. */
export const NotMeasuredSchema = Type.Object({ what: Type.String(), why: Type.String() });

export const FIREHOSE_BODY = {
  scenario: Type.Literal('firehose'),
  /** Rates of the sweep as they were asked for, ascending. */
  rates: Type.Array(Type.Number(), { minItems: 1 }),
  /** The highest that the search may try. */
  maxRate: Type.Number(),
  cells: Type.Array(FirehoseCellSchema),
  notMeasured: Type.Array(NotMeasuredSchema),
  /** Null where the load runs on another machine, or when the run ended before. */
  buffers: Type.Union([SocketBuffersSchema, Type.Null()]),
} as const;

const BodySchema = Type.Object(FIREHOSE_BODY);
export const FirehoseRecordSchema = Type.Object({ ...ENVELOPE, ...FIREHOSE_BODY });

export type FirehoseBody = Static<typeof BodySchema>;
export type FirehoseRecord = Static<typeof FirehoseRecordSchema>;
export type FirehoseCell = Static<typeof FirehoseCellSchema>;
export type TickSetup = Static<typeof TickSetupSchema>;
export type CellPart = Static<typeof CellPartSchema>;
export type TickFormat = TickSetup['format'];
export type NotMeasured = Static<typeof NotMeasuredSchema>;
