/** What the scenario `http` measured: one closed load after the other, each of one request to one endpoint. */

import { type Static, Type } from 'typebox';
import { HttpLoadResultSchema } from '../../load-tests/generator/http/http-result.ts';
import { ENVELOPE } from './run-envelope.ts';
import { ServerSampleSchema, ServerWindowSchema } from './tier-record.ts';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** What the server counted over one load, from before its first request until after its last answer. */
export const HttpCountedSchema = Type.Object({
  /** Requests it answered, by status, over all its routes. */
  byStatus: Type.Record(Type.String(), Type.Number()),
  broadcasts: NullableNumber,
});

/** One request, sent over and over. */
export const HttpEndpointSchema = Type.Object({
  /** `livez`, `publish`; of a path that was given, the path. */
  name: Type.String(),
  method: Type.Union([Type.Literal('GET'), Type.Literal('POST')]),
  path: Type.String(),
  /** Whether each answer with 201 is a broadcast. */
  publishes: Type.Boolean(),
  load: HttpLoadResultSchema,
  /** autocannon's own result, a file in the folder of the run; null where the load was broken off. */
  autocannonFile: Type.Union([Type.String(), Type.Null()]),
  serverWindow: ServerWindowSchema,
  serverSamples: Type.Array(ServerSampleSchema),
  /** Null where the server shows no such figures. */
  counted: Type.Union([HttpCountedSchema, Type.Null()]),
});

export const HTTP_BODY = {
  scenario: Type.Literal('http'),
  connections: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Number(),
  /** In the order they were run. */
  endpoints: Type.Array(HttpEndpointSchema),
} as const;

const BodySchema = Type.Object(HTTP_BODY);
export const HttpRecordSchema = Type.Object({ ...ENVELOPE, ...HTTP_BODY });

export type HttpBody = Static<typeof BodySchema>;
export type HttpRecord = Static<typeof HttpRecordSchema>;
export type HttpEndpointRecord = Static<typeof HttpEndpointSchema>;
export type HttpCounted = Static<typeof HttpCountedSchema>;
