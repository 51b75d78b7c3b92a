/** Readers for one field of an unknown object: the value, or a sentence that names field, range and what came. */

/** A JSON object whose fields are not known yet. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** A field that does not fit; `message` is a sentence for the sender. */
export class FieldProblem extends Error {
  override readonly name = 'FieldProblem';
}

/** Is this a JSON object (no array, no null)? */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a whole number.
 *
 * @throws FieldProblem when it is missing, no integer or out of range
 */
export function readInteger(
  record: UnknownRecord,
  field: string,
  range: { readonly min: number; readonly max: number },
): number {
  const value = record[field];
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max) {
    return value;
  }
  throw problem(field, `an integer from ${range.min} to ${range.max}`, value);
}

/**
 * Reads a number that is not negative.
 *
 * @throws FieldProblem when it is missing, no number or negative
 */
export function readAmount(record: UnknownRecord, field: string): number {
  const value = record[field];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw problem(field, 'a number of at least 0', value);
}

/**
 * Reads a text that fits a pattern.
 *
 * @param shape the pattern, and the words that describe it
 * @throws FieldProblem when it is missing, no string or does not fit
 */
export function readText(
  record: UnknownRecord,
  field: string,
  shape: { readonly pattern: RegExp; readonly expected: string },
): string {
  const value = record[field];
  if (typeof value === 'string' && shape.pattern.test(value)) return value;
  throw problem(field, shape.expected, value);
}

/** Says in one sentence what a field should be and what it is. */
export function problem(field: string, expected: string, received: unknown): FieldProblem {
  return new FieldProblem(`${field}: expected ${expected}; received ${describe(received)}`);
}

/** A value as it is shown to a person: short, and never longer than a line. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (isRecord(value)) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
