/** The options of `http` alone. */

import { HTTP_ENDPOINT_NAMES } from '../../record/http-endpoints.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseChoices, parseDurationMs, parsePaths } from './option-values.ts';

/** autocannon takes no shorter one. */
const LEAST_TIMEOUT_MS = 1_000;

export const HTTP_OPTIONS = {
  endpoints: {
    form: 'value',
    placeholder: '<list>',
    default: HTTP_ENDPOINT_NAMES.join(','),
    parse: (text) => parseChoices(text, HTTP_ENDPOINT_NAMES),
    commands: ['http'],
    help: 'Endpoints of the reference server, one after the other; publish posts commentary. With --url only those that are named here.',
  },
  paths: {
    form: 'optional',
    placeholder: '<list>',
    absent: 'the endpoints; with --url its path',
    parse: parsePaths,
    commands: ['http'],
    help: "Paths that are asked for with GET instead of the endpoints, on anyone's server: /a,/b?c=1.",
  },
  timeout: {
    form: 'value',
    placeholder: '<time>',
    default: '10s',
    parse: (text) => parseDurationMs(text, LEAST_TIMEOUT_MS),
    commands: ['http'],
    help: 'An answer that is not there by then has timed out, 1s at least.',
  },
} as const satisfies Record<string, OptionDefinition>;
