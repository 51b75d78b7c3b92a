/** The options of whoever wants to see a run while it lasts; a part of the option table. */

import { RUNNING } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseAddress, parseHost } from './option-values.ts';

export const LIVE_OPTIONS = {
  'no-live': {
    form: 'flag',
    commands: RUNNING,
    help: 'Shows nothing while it runs: no /metrics on port 9465 or the next free one, no file in .touchline/targets (another folder: environment TOUCHLINE_TARGETS).',
  },
  'live-host': {
    form: 'value',
    placeholder: '<address>',
    default: '127.0.0.1',
    parse: parseHost,
    commands: RUNNING,
    help: 'Address those metrics are bound to, and the admin port of a server that is started: 0.0.0.0 lets a container scrape them.',
  },
  'remote-write': {
    form: 'optional',
    placeholder: '<address>',
    absent: 'pushes nothing',
    parse: (text) => parseAddress(text, ['http:', 'https:'], 'http://127.0.0.1:9090/api/v1/write'),
    commands: RUNNING,
    help: "Pushes the load's and the server's metrics every second, for short runs and CI.",
  },
} as const satisfies Record<string, OptionDefinition>;
