/** TypeBox schemas as Fastify validators whose errors name the field, what was expected and what came. */

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, isRecord } from '../protocol/field-readers.ts';

/**
 * Compiles one schema. Parameters and queries are text on the wire: their integers are read first; bodies' are not.
 * The expectation is the `description` of the schema that failed.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (input: unknown) => {
    const value = httpPart === 'body' ? input : readIntegers(schema, input);
    if (compiled.Check(value)) return { value };
    const problems = new Map<string, string>();
    for (const error of compiled.Errors(value)) {
      for (const path of failedPaths(error)) {
        problems.set(path, explain({ schema, path, input, part: httpPart ?? 'body' }));
      }
    }
    return { error: new Error([...problems.values()].join('; ')) };
  };
};

/** A whole number as people write it; `1.5`, `0x10`, `1e3`, `+1` and `true` are none. */
const WHOLE_NUMBER = /^-?(0|[1-9]\d*)$/;

/** Turns the texts of integer properties into numbers; what is no whole number stays as it came, and fails. */
function readIntegers(schema: TSchema, input: unknown): unknown {
  if (!isRecord(input)) return input;
  const properties: unknown = propertyOf(schema, 'properties');
  const fields = Object.entries(input).map(([name, value]) => {
    const isInteger = propertyOf(propertyOf(properties, name), 'type') === 'integer';
    return [name, isInteger && typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value];
  });
  return Object.fromEntries(fields);
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

/** A missing field is reported at its object; here it is named itself. */
function failedPaths({ keyword, instancePath, params }: SchemaError): readonly string[] {
  if (keyword !== 'required' || !('requiredProperties' in params)) return [instancePath];
  const missing = params.requiredProperties;
  return Array.isArray(missing) ? missing.map((name) => `${instancePath}/${name}`) : [instancePath];
}

interface Failure {
  readonly schema: TSchema;
  /** `/field`, or empty for the whole. */
  readonly path: string;
  readonly input: unknown;
  readonly part: string;
}

function explain({ schema, path, input, part }: Failure): string {
  const field = path.slice(1);
  const properties: unknown = 'properties' in schema ? schema.properties : undefined;
  const failed = field === '' ? schema : propertyOf(properties, field);
  const expected = propertyOf(failed, 'description') ?? 'a value of another type';
  const received = field === '' ? input : propertyOf(input, field);
  return `${field === '' ? part : field}: expected ${expected}; received ${describe(received)}`;
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
