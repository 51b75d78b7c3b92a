/** How the load generator works, whatever the load; a part of the option table. */

import type { Arrival, ClientKind } from '../../../load-tests/generator/load-plan.ts';
import { MATCHES, RUNNING } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseChoice, parseNumber } from './option-values.ts';

export const GENERATOR_OPTIONS = {
  arrival: {
    form: 'value',
    placeholder: '<kind>',
    default: 'uniform',
    parse: (text) => parseChoice<Arrival>(text, ['uniform', 'poisson']),
    commands: MATCHES,
    help: 'Spacing of the intended send times: uniform or poisson.',
  },
  client: {
    form: 'value',
    placeholder: '<kind>',
    default: 'auto',
    parse: (text) => parseChoice<ClientKind | 'auto'>(text, ['auto', 'lean', 'ws']),
    commands: [...MATCHES, 'profile'],
    help: 'Load client: lean (own frame parser, ws:// only), ws (the library), auto (lean for ws://, ws for wss://).',
  },
  workers: {
    form: 'optional',
    placeholder: '<count>',
    absent: 'sized from cores and calibration',
    parse: (text) => parseNumber(text, { min: 1, max: 64, what: 'subscriber processes', whole: true }),
    commands: RUNNING,
    help: 'Generator processes that hold connections.',
  },
  seed: {
    form: 'optional',
    placeholder: '<number>',
    absent: 'random, printed',
    parse: (text) => parseNumber(text, { min: 0, max: 4_294_967_295, what: 'a seed', whole: true }),
    commands: RUNNING,
    help: 'Makes send times and match ids repeatable.',
  },
} as const satisfies Record<string, OptionDefinition>;
