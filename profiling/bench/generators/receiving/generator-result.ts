/** What a generator says of its run: each writes it to a file, as JSON. */

import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TouchlineError } from '../../../../server/protocol/touchline-error.ts';

const QuantilesSchema = Type.Object({
  p50Ms: Type.Union([Type.Number(), Type.Null()]),
  p99Ms: Type.Union([Type.Number(), Type.Null()]),
});

const GeneratorResultSchema = Type.Object({
  received: Type.Integer(),
  lost: Type.Integer(),
  repeated: Type.Integer(),
  /** Null where it was not to measure latency. */
  fromIntended: Type.Union([QuantilesSchema, Type.Null()]),
  fromSent: Type.Union([QuantilesSchema, Type.Null()]),
});

export type GeneratorResult = Static<typeof GeneratorResultSchema>;

/** @throws TouchlineError `TL_RECORD_INVALID` */
export function parseGeneratorResult(text: string): GeneratorResult {
  const value: unknown = parseJson(text);
  if (Value.Check(GeneratorResultSchema, value)) return value;
  throw new TouchlineError(
    'TL_RECORD_INVALID',
    `expected a generator to write what it received; it wrote ${text.slice(0, 200)}`,
  );
}

/** @returns undefined where it is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
