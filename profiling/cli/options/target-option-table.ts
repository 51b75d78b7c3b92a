/** The options that name a server which runs already, and what may be seen of it; a part of the option table. */

import { MATCHES, MEASURING, SOCKETS } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseAddress, parseNumber, parseTargetAddress, parseText } from './option-values.ts';

/** What a 64-bit Linux allows at most. */
const MOST_PID = 4_194_304;
const HTTP = ['http:', 'https:'] as const;

export const TARGET_OPTIONS = {
  url: {
    form: 'optional',
    placeholder: '<ws://…>',
    absent: 'starts the reference server',
    parse: parseTargetAddress,
    commands: MEASURING,
    help: 'Measures a server that runs already; for http an address with http:// or https://, whose path is asked for.',
  },
  http: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: 'same origin as --url',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:8000'),
    commands: SOCKETS,
    help: 'Origin of the endpoints that take commentary and set the tick feed.',
  },
  admin: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: 'port 9464 of the same host when --url is on loopback',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:9464'),
    commands: MEASURING,
    help: 'Admin port of the target.',
  },
  metrics: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: '<admin>/metrics',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:9464/metrics'),
    commands: MEASURING,
    help: 'Prometheus metrics of the target.',
  },
  attach: {
    form: 'optional',
    placeholder: '<pid>',
    absent: 'looks into no process',
    parse: (text) => parseNumber(text, { min: 1, max: MOST_PID, what: 'the id of a process', whole: true }),
    commands: MEASURING,
    help: 'Looks into the process behind --url, which must be Node.js, yours and on this machine: opens its inspector by SIGUSR1, closes it at the end, restarts nothing.',
  },
  'admin-token': {
    form: 'optional',
    placeholder: '<token>',
    absent: 'environment TOUCHLINE_ADMIN_TOKEN',
    parse: (text) => parseText(text, 'a token'),
    commands: MEASURING,
    help: 'Lets the profiler force garbage collection before it reads memory.',
  },
  'api-token': {
    form: 'optional',
    placeholder: '<token>',
    absent: 'none',
    parse: (text) => parseText(text, 'a token'),
    commands: MEASURING,
    help: 'Bearer token for posting commentary, setting the tick feed and --paths, where the target wants one.',
  },
  match: {
    form: 'optional',
    placeholder: '<id>',
    absent: 'a fresh match for each tier',
    parse: (text) => parseNumber(text, { min: 1, max: 2_147_483_647, what: 'a match id', whole: true }),
    commands: [...MATCHES, 'http'],
    help: 'Match that every client joins; of http: that commentary is posted to.',
  },
} as const satisfies Record<string, OptionDefinition>;
