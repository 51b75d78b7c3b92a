/** Readers of single option values: text in, typed value out, or a sentence that says what was expected. */

import { isIP } from 'node:net';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

const DURATION_UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;
const DAY_MS = 86_400_000;

/** Inclusive bounds and what the number counts. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly what: string;
  readonly whole?: boolean;
}

function refuse(expected: string, received: string): never {
  throw new TouchlineError('TL_USAGE', `expected ${expected}; received "${received}"`);
}

/**
 * Reads `250ms`, `30s`, `2m` or a bare number of seconds.
 *
 * @returns milliseconds
 * @throws TouchlineError `TL_USAGE` when it is no duration or outside `minMs` to a day
 */
export function parseDurationMs(text: string, minMs: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  const unit = (match?.[2] ?? 's') as keyof typeof DURATION_UNIT_MS;
  const ms = match === null ? Number.NaN : Number(match[1]) * DURATION_UNIT_MS[unit];
  if (!(ms >= minMs && ms <= DAY_MS)) {
    refuse(`a duration from ${minMs}ms to 1440m, such as 500ms, 30s or 2m (a bare number is seconds)`, text);
  }
  return ms;
}

/** The range of each number of a list, and a list for the error sentence. */
export interface ListRange extends NumberRange {
  readonly example: string;
}

/**
 * Reads a comma-separated list of numbers.
 *
 * @returns the numbers, ascending, each once
 * @throws TouchlineError `TL_USAGE` naming the element that is wrong
 */
export function parseNumbers(text: string, range: ListRange): readonly number[] {
  const pattern = numberPattern(range);
  const numbers = text.split(',').map((part) => {
    const number = pattern.test(part.trim()) ? Number(part) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    return refuse(
      `${range.what} from ${range.min} to ${range.max} separated by commas, such as ${range.example}`,
      part.trim() === text ? text : `${part.trim()}" in "${text}`,
    );
  });
  return [...new Set(numbers)].sort((left, right) => left - right);
}

function numberPattern({ whole }: NumberRange): RegExp {
  return whole === true ? /^\d+$/ : /^\d+(\.\d+)?$/;
}

/** @throws TouchlineError `TL_USAGE` when the text is no number within the range, or no whole one where it must be */
export function parseNumber(text: string, range: NumberRange): number {
  const value = numberPattern(range).test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    refuse(
      `${range.what}, ${range.whole === true ? 'a whole number' : 'a number'} from ${range.min} to ${range.max}`,
      text,
    );
  }
  return value;
}

/** A {@link parseNumber} of whole numbers. */
export function countReader(what: string, max: number, min = 1): (text: string) => number {
  return (text) => parseNumber(text, { min, max, what, whole: true });
}

/** @throws TouchlineError `TL_USAGE` listing the choices */
export function parseChoice<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  return choice ?? refuse(`one of ${choices.join(', ')}`, text);
}

/**
 * Reads a comma-separated list of names out of a few.
 *
 * @returns each once, in the order of the choices
 * @throws TouchlineError `TL_USAGE` naming the one that is none
 */
export function parseChoices<Choice extends string>(
  text: string,
  choices: readonly Choice[],
): readonly Choice[] {
  const typed = text.split(',').map((part) => part.trim());
  const wrong = typed.find((part) => choices.every((choice) => choice !== part));
  if (wrong !== undefined) refuse(`some of ${choices.join(', ')}, separated by commas`, wrong);
  return choices.filter((choice) => typed.includes(choice));
}

/**
 * Reads an absolute address with one of the given schemes.
 *
 * @returns the address without a trailing slash
 * @throws TouchlineError `TL_USAGE` naming the schemes
 */
export function parseAddress(text: string, schemes: readonly string[], example: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.includes(url.protocol) || url.hostname === '') {
    return refuse(
      `an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}, such as ${example}`,
      text,
    );
  }
  return text.replace(/\/+$/, '');
}

const SOCKET_ADDRESS = { schemes: ['ws:', 'wss:'], example: 'ws://127.0.0.1:8000/ws' } as const;
const HTTP_ADDRESS = { schemes: ['http:', 'https:'], example: 'http://127.0.0.1:8000' } as const;

/**
 * The address of a target, whatever it speaks; {@link wrongTargetAddress} knows what a scenario wants.
 *
 * @throws TouchlineError `TL_USAGE` when it is no address
 */
export function parseTargetAddress(text: string): string {
  const schemes = [...SOCKET_ADDRESS.schemes, ...HTTP_ADDRESS.schemes];
  const address = parseAddress(text, schemes, `${SOCKET_ADDRESS.example}, of http ${HTTP_ADDRESS.example}`);
  const { username, password, protocol, pathname } = new URL(text);
  if (username !== '' || password !== '') refuse('an address without a name and a password', 'one with them');
  // A path that is asked for over HTTP is another one with its last slash than without.
  return protocol.startsWith('http') && pathname !== '/' ? text : address;
}

/** What is wrong with the address of a target for a scenario that speaks this; undefined: nothing. */
export function wrongTargetAddress(url: string, speaks: 'http' | 'websocket'): string | undefined {
  const { schemes, example } = speaks === 'http' ? HTTP_ADDRESS : SOCKET_ADDRESS;
  try {
    parseAddress(url, schemes, example);
    return undefined;
  } catch (error) {
    if (error instanceof TouchlineError) return error.message;
    throw error;
  }
}

/**
 * Reads a comma-separated list of paths, each with its query.
 *
 * @throws TouchlineError `TL_USAGE` naming the one that is none
 */
export function parsePaths(text: string): readonly string[] {
  const paths = text.split(',').map((path) => path.trim());
  const wrong = paths.find((path) => !/^\/[\x21-\x7e]*$/.test(path));
  if (wrong !== undefined) {
    refuse('paths that begin with / and have no blanks, separated by commas, such as /a,/b?c=1', wrong);
  }
  return [...new Set(paths)];
}

/** @throws TouchlineError `TL_USAGE` when the text is empty */
export function parseText(text: string, what: string): string {
  return text.trim() === '' ? refuse(what, text) : text;
}

/** @throws TouchlineError `TL_USAGE` when the text is neither an IP address nor a name */
export function parseHost(text: string): string {
  return /^[\w.-]+$/.test(text) || isIP(text) === 6
    ? text
    : refuse('an IP address or a name, without a port', text);
}
