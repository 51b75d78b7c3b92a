/** Reads a run record from untrusted JSON: every shape error is one sentence that names the place. */

import { Compile } from 'typebox/compile';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { RUN_RECORD_VERSION } from './run-envelope.ts';
import { RUN_RECORD_SCHEMAS, type RunRecord, SCENARIO_NAMES, type ScenarioName } from './run-record.ts';

const SCHEMA_NAME = 'touchline/run-record';
const LONGEST_SHOWN = 80;

/** One scenario's schema, as all of them are used here. */
interface Validator {
  Check(json: unknown): boolean;
  Errors(json: unknown): readonly ShapeError[];
}

const VALIDATORS = {
  concurrency: Compile(RUN_RECORD_SCHEMAS.concurrency),
  broadcast: Compile(RUN_RECORD_SCHEMAS.broadcast),
  memory: Compile(RUN_RECORD_SCHEMAS.memory),
  churn: Compile(RUN_RECORD_SCHEMAS.churn),
  overhead: Compile(RUN_RECORD_SCHEMAS.overhead),
  firehose: Compile(RUN_RECORD_SCHEMAS.firehose),
  http: Compile(RUN_RECORD_SCHEMAS.http),
} as const satisfies Record<ScenarioName, Validator>;

interface ShapeError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/**
 * @param source where the JSON came from, for the error sentence (a file name)
 * @throws TouchlineError `TL_RECORD_INVALID` naming the path in the record, what was expected and what came
 */
export function parseRunRecord(json: unknown, source: string): RunRecord {
  requireKnownVersion(json, source);
  const validator: Validator = VALIDATORS[scenarioOf(json, source)];
  // The schema of its scenario vouches for it.
  if (validator.Check(json)) return json as RunRecord;
  throw new TouchlineError('TL_RECORD_INVALID', describe(validator.Errors(json), json, source));
}

function requireKnownVersion(json: unknown, source: string): void {
  const schema = memberOf(json, 'schema');
  if (schema !== SCHEMA_NAME) {
    throw new TouchlineError(
      'TL_RECORD_INVALID',
      `${source} is no run record: expected "schema": "${SCHEMA_NAME}"; received ${show(schema)}`,
    );
  }
  const version = memberOf(json, 'schemaVersion');
  if (version !== RUN_RECORD_VERSION) {
    throw new TouchlineError(
      'TL_RECORD_INVALID',
      `${source} is a run record of version ${show(version)}, and this touchline reads version ${RUN_RECORD_VERSION} only: use the touchline that wrote it, or run again`,
    );
  }
}

function scenarioOf(json: unknown, source: string): ScenarioName {
  const received = memberOf(json, 'scenario');
  const scenario = SCENARIO_NAMES.find((name) => name === received);
  if (scenario !== undefined) return scenario;
  throw new TouchlineError(
    'TL_RECORD_INVALID',
    `${source}: at /scenario expected one of ${SCENARIO_NAMES.join(', ')}; received ${show(received)}`,
  );
}

function describe(errors: readonly ShapeError[], json: unknown, source: string): string {
  const [first] = errors;
  if (first === undefined) return `${source} does not match the run record's schema`;
  const missing = missingProperty(first);
  const path = missing === null ? first.instancePath : `${first.instancePath}/${missing}`;
  const alternatives = errors.filter((error) => error.instancePath === first.instancePath).map(expectation);
  const expected = [...new Set(alternatives)].filter((text) => text !== '').join(' or ');
  return `${source}: at ${path === '' ? '/' : path} expected ${expected}; received ${show(valueAt(json, path))}`;
}

function expectation(error: ShapeError): string {
  if (error.keyword === 'anyOf') return '';
  if (missingProperty(error) !== null) return 'a value';
  const type = memberOf(error.params, 'type');
  if (typeof type === 'string')
    return type === 'null' ? 'null' : `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
  if (error.keyword === 'const') return show(memberOf(error.params, 'allowedValue'));
  const limit = memberOf(error.params, 'limit');
  if (typeof limit === 'number') return `a value ${String(memberOf(error.params, 'comparison'))} ${limit}`;
  return error.message;
}

function missingProperty(error: ShapeError): string | null {
  const names = memberOf(error.params, 'requiredProperties');
  return Array.isArray(names) && typeof names[0] === 'string' ? names[0] : null;
}

function valueAt(json: unknown, path: string): unknown {
  const keys = path.split('/').slice(1);
  return keys.reduce<unknown>((value, key) => memberOf(value, unescapePointer(key)), json);
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
