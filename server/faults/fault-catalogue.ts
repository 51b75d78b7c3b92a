/**
 * Faults that can be switched on as positive controls: each must make a named check fail.
 * Never on by default; refused when NODE_ENV is production. `TOUCHLINE_FAULTS=name[=value],…` switches them on.
 */

import { TouchlineError } from '../protocol/touchline-error.ts';

export interface FaultDefinition {
  readonly unit: 'percent' | 'ms';
  readonly defaultValue: number;
  readonly min: number;
  readonly max: number;
  readonly help: string;
}

/** Leaks all of it unless told. */
const leak = (help: string) =>
  ({ unit: 'percent', defaultValue: 100, min: 0.001, max: 100, help }) as const satisfies FaultDefinition;

export const FAULT_CATALOGUE = {
  'refuse-connections': {
    unit: 'percent',
    defaultValue: 10,
    min: 0.01,
    max: 100,
    help: 'Answers this share of upgrades with 503; the share is exact, not random.',
  },
  'drop-deliveries': {
    unit: 'percent',
    defaultValue: 1,
    min: 0.001,
    max: 100,
    help: 'Leaves out this share of deliveries; counted under reason="fault".',
  },
  'slow-loop': {
    unit: 'ms',
    defaultValue: 100,
    min: 1,
    max: 10_000,
    help: 'Blocks the event loop for this long, over and over, with pauses 1.6 times as long.',
  },
  'slow-instruments': {
    unit: 'ms',
    defaultValue: 20,
    min: 1,
    max: 10_000,
    help: 'Blocks the event loop like slow-loop, but only while the instrumentation is on.',
  },
  'hot-function': {
    unit: 'ms',
    defaultValue: 0.05,
    min: 0.001,
    max: 1_000,
    help: 'Burns CPU time for this long in one function, burnHot, with each delivery.',
  },
  'delay-deliveries': {
    unit: 'ms',
    defaultValue: 100,
    min: 1,
    max: 60_000,
    help: 'Sends everything exactly this much later, in order.',
  },
  stall: {
    unit: 'ms',
    defaultValue: 1_000,
    min: 1,
    max: 60_000,
    help: 'Holds back everything for this long, once in every three times this long, then sends it in order.',
  },
  'duplicate-deliveries': {
    unit: 'percent',
    defaultValue: 0.5,
    min: 0.001,
    max: 100,
    help: 'Hands this share of deliveries over twice.',
  },
  'reorder-deliveries': {
    unit: 'percent',
    defaultValue: 1,
    min: 0.001,
    max: 50,
    help: 'Swaps this share of deliveries with the next one of their connection and match.',
  },
  'wrong-room': {
    unit: 'percent',
    defaultValue: 0.1,
    min: 0.001,
    max: 100,
    help: 'Sends this share of deliveries once more, as messages of a match that no client joins.',
  },
  'half-close': {
    unit: 'percent',
    defaultValue: 10,
    min: 0.001,
    max: 100,
    help: 'Does not notice this share of ends that clients began: only the heartbeat finds them.',
  },
  'leak-connections': leak('Keeps this share of ended connections in the hub.'),
  'leak-room-members': leak('Keeps this share of members in their room when they leave it or end.'),
  'leak-listeners': leak('Leaves a listener on the HTTP server behind for this share of ended connections.'),
  'leak-timers': leak('Leaves a running timer behind for this share of ended connections.'),
  'leak-buffers': leak('Leaves a buffer of 1,024 bytes behind for this share of ended connections.'),
  'leak-sessions': leak(
    'Leaves the entry of a client in a table of sessions for this share of ended connections.',
  ),
  'leak-closures': leak('Leaves a closure in a list behind for this share of ended connections.'),
  'leak-sockets': leak('Keeps the TCP socket of this share of ended connections (engine ws).'),
  'unbounded-history': leak("Keeps this share of the messages that fall out of a room's history."),
} as const satisfies Record<string, FaultDefinition>;

export type FaultName = keyof typeof FAULT_CATALOGUE;

/** A fault that is switched on. `value` is in the unit of its definition. */
export interface Fault {
  readonly name: FaultName;
  readonly value: number;
}

/**
 * Reads `name[=value],…`; a value may carry `%`, `ms` or `s`.
 *
 * @throws TouchlineError `TL_FAULT_INVALID` naming the fault, what was expected and what came
 */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault);
}

/** Writes a fault as it is typed, with its unit: `drop-deliveries=1%`. */
export function formatFault(fault: Fault): string {
  return `${fault.name}=${fault.value}${FAULT_CATALOGUE[fault.name].unit === 'percent' ? '%' : 'ms'}`;
}

function parseFault(part: string): Fault {
  const [name = '', ...rest] = part.split('=');
  const valueText = rest.length === 0 ? undefined : rest.join('=');
  if (!isFaultName(name)) {
    throw new TouchlineError(
      'TL_FAULT_INVALID',
      `expected a fault out of ${Object.keys(FAULT_CATALOGUE).join(', ')}; received "${name}"`,
    );
  }
  const definition = FAULT_CATALOGUE[name];
  const value = valueText === undefined ? definition.defaultValue : parseValue(valueText, definition.unit);
  if (!(value >= definition.min && value <= definition.max)) {
    const unit = definition.unit === 'percent' ? '%' : 'ms';
    throw new TouchlineError(
      'TL_FAULT_INVALID',
      `expected ${name} between ${definition.min}${unit} and ${definition.max}${unit}; received "${valueText}"`,
    );
  }
  return { name, value };
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULT_CATALOGUE, name);
}

/** NaN when the text is no number or its unit is not the fault's. */
function parseValue(text: string, unit: FaultDefinition['unit']): number {
  const match = /^(\d+(?:\.\d+)?)(%|ms|s)?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, digits, suffix] = match;
  const number = Number(digits);
  if (unit === 'percent') return suffix === undefined || suffix === '%' ? number : Number.NaN;
  if (suffix === '%') return Number.NaN;
  return suffix === 's' ? number * 1000 : number;
}
