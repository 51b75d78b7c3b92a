/** Every setting of the server once: its name, unit, default, range and meaning. README shows this table. */

import { ENGINES, type EngineName } from './protocol/engine-names.ts';
import { FAN_OUT_MODES } from './protocol/fan-out-modes.ts';
import { DEFAULT_TICK_READER_BYTES, MAX_TICK_RATE_LIMIT } from './protocol/tick-messages.ts';
import {
  choiceSetting,
  decimalSetting,
  integerSetting,
  listSetting,
  optionalChoiceSetting,
  optionalSetting,
  type Setting,
  textSetting,
} from './setting.ts';
import { parseNetworks } from './transport/client-address.ts';

const HOST_NAME = /^[\w.:-]{1,253}$/;
const TOKEN = /^[\x21-\x7e]{1,512}$/;
const ORIGIN = /^https?:\/\/[\w.-]+(:\d{1,5})?$|^https?:\/\/\[[0-9a-f:.]+\](:\d{1,5})?$/;
const PATH = /^[^\0]+$/;

const port = (defaultValue: number, help: string) =>
  integerSetting({ unit: 'port', defaultValue, min: 0, max: 65_535, help });
const host = (help: string) =>
  textSetting({
    unit: 'address',
    defaultValue: '127.0.0.1',
    pattern: HOST_NAME,
    range: 'an IP address or a name',
    help,
  });
const token = (help: string) =>
  optionalSetting({ unit: 'text', pattern: TOKEN, range: '1 to 512 visible ASCII characters', help });
const file = (help: string) =>
  optionalSetting({ unit: 'path', pattern: PATH, range: 'a readable PEM file', help });

export const SETTINGS = {
  PORT: port(8_000, 'Public port: HTTP and WebSocket. 0 takes a free one.'),
  HOST: host('Address the public port binds. Off loopback, publishing needs a token.'),
  ENGINE: choiceSetting({
    choices: ENGINES,
    defaultValue: 'ws',
    help: "What serves the public port: Node's sockets and ws, or uWebSockets.js (uws), which is installed apart.",
  }),
  SERVER_MODE: optionalChoiceSetting<EngineName>({
    choices: ENGINES,
    help: 'Another name of ENGINE.',
  }),
  ADMIN_PORT: port(9_464, 'Port of /metrics, /live and /debug/*. 0 takes a free one.'),
  ADMIN_HOST: host('Address the admin port binds.'),
  ADMIN_TOKEN: token('Bearer token of /debug/*; random when unset.'),
  LIVE_TARGETS: textSetting({
    unit: 'path',
    defaultValue: '.touchline/targets',
    pattern: PATH,
    range: 'a folder',
    help: 'Folder of *.json (file_sd) that names what else /live shows: servers and profilers of runs, on loopback.',
  }),
  API_TOKEN: token('Bearer token that may publish when HOST is not loopback.'),
  ALLOWED_ORIGINS: listSetting({
    unit: 'list',
    range: 'origins like https://example.org, parted by commas',
    help: 'Web pages of these origins may connect, beside those of the same origin.',
    isItem: (item) => ORIGIN.test(item),
  }),
  ALLOWED_HOSTS: listSetting({
    unit: 'list',
    range: 'host names without a port, parted by commas',
    help: 'Names that a Host header may carry, beside IP addresses, localhost and HOST.',
    isItem: (item) => /^[\w.-]{1,253}$/.test(item),
  }),
  MAX_CONNECTIONS: integerSetting({
    unit: 'connections',
    defaultValue: 10_500,
    min: 1,
    max: 1_000_000,
    help: 'Most connections at a time; lowered to what the file-descriptor limit allows.',
  }),
  MAX_CONNECTIONS_PER_IP: integerSetting({
    unit: 'connections',
    defaultValue: 100,
    min: 1,
    max: 1_000_000,
    help: 'Most connections of one client address; loopback is exempt.',
  }),
  LISTEN_BACKLOG: integerSetting({
    unit: 'connections',
    defaultValue: 4_096,
    min: 1,
    max: 65_535,
    help: 'Connections that may wait to be accepted; the system caps it (net.core.somaxconn). Beyond it each comes a second late. uws: always 512.',
  }),
  MAX_PAYLOAD_BYTES: integerSetting({
    unit: 'bytes',
    defaultValue: 65_536,
    min: 1_024,
    max: 16_777_216,
    help: 'Largest message and largest HTTP body.',
  }),
  MAX_IDLE_ROOMS: integerSetting({
    unit: 'rooms',
    defaultValue: 1_000,
    min: 0,
    max: 1_000_000,
    help: 'Empty rooms whose last 100 messages are kept; beyond it the one idle longest goes.',
  }),
  HEARTBEAT_SECS: decimalSetting({
    unit: 'seconds',
    defaultValue: 30,
    min: 0.1,
    max: 3_600,
    help: 'Time between pings; silence for a whole one after a ping ends the connection.',
  }),
  DRAIN_TIMEOUT_SECS: decimalSetting({
    unit: 'seconds',
    defaultValue: 10,
    min: 0,
    max: 600,
    help: 'Time to close all connections at shutdown; those left are cut, and the exit code is 1.',
  }),
  TRUST_PROXY: listSetting({
    unit: 'list',
    range: 'addresses or networks like 10.0.0.0/8, parted by commas',
    help: 'Proxies whose X-Forwarded-For counts for MAX_CONNECTIONS_PER_IP.',
    isItem: (item) => parseNetworks([item]) !== null,
  }),
  TLS_CERT: file('Certificate chain (PEM); with TLS_KEY, serves https:// and wss://.'),
  TLS_KEY: file('Private key (PEM) of TLS_CERT.'),
  WS_RATE_LIMIT_PER_SEC: integerSetting({
    unit: 'messages/s',
    defaultValue: 100,
    min: 1,
    max: 1_000_000,
    help: 'Messages a connection may send a second, and in one burst; what is over is dropped.',
  }),
  WS_MAX_SUBSCRIPTIONS: integerSetting({
    unit: 'rooms',
    defaultValue: 1_000,
    min: 1,
    max: 1_000_000,
    help: 'Rooms one connection may be in.',
  }),
  WS_MAX_BUFFERED_BYTES: integerSetting({
    unit: 'bytes',
    defaultValue: 1_048_576,
    min: 16_384,
    max: 1_073_741_824,
    help: 'Unsent bytes beyond which a connection is closed as a slow consumer.',
  }),
  WS_MAX_BUFFERED_AGE_MS: integerSetting({
    unit: 'ms',
    defaultValue: 10_000,
    min: 100,
    max: 3_600_000,
    help: 'Age of unsent bytes beyond which a connection is closed as a slow consumer.',
  }),
  FAN_OUT: choiceSetting({
    choices: FAN_OUT_MODES,
    defaultValue: 'coalesced',
    help: 'How broadcasts are written: one shared buffer a turn (coalesced), one gathering write a turn (corked), one write each (framed), or by the engine (naive).',
  }),
  WS_COMPRESSION: choiceSetting({
    choices: ['off', 'on'],
    defaultValue: 'off',
    help: 'Whether clients may have messages of 1 KiB and more compressed (permessage-deflate).',
  }),
  MAX_TICK_RATE: integerSetting({
    unit: 'ticks/s',
    defaultValue: 1_000_000,
    min: 1,
    max: MAX_TICK_RATE_LIMIT,
    help: 'Highest rate that POST /config may set for the feed on /ticks.',
  }),
  TICK_READER_BUFFER_BYTES: integerSetting({
    unit: 'bytes',
    defaultValue: DEFAULT_TICK_READER_BYTES,
    min: 65_536,
    max: 1_073_741_824,
    help: 'Unsent bytes beyond which a reader of /ticks is conflated: it gets the latest ticks once it has caught up.',
  }),
  TICK_TOTAL_BUFFER_BYTES: integerSetting({
    unit: 'bytes',
    defaultValue: 134_217_728,
    min: 1_048_576,
    max: 17_179_869_184,
    help: 'Unsent bytes of all readers of /ticks together; each may have an equal part of them, 64 KiB at least.',
  }),
  TICK_NAIVE_BUFFER_BYTES: integerSetting({
    unit: 'bytes',
    defaultValue: 33_554_432,
    min: 1_048_576,
    max: 1_073_741_824,
    help: 'Unsent bytes beyond which a reader of /ticks is closed while FAN_OUT is naive, which does not conflate.',
  }),
  TICK_MAX_AGE_MS: integerSetting({
    unit: 'ms',
    defaultValue: 1_000,
    min: 10,
    max: 60_000,
    help: 'Age of unsent bytes beyond which a reader of /ticks is conflated.',
  }),
  LOG_LEVEL: choiceSetting({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    defaultValue: 'info',
    help: 'Least severe log line that is written.',
  }),
  INSTRUMENTATION: choiceSetting({
    choices: ['on', 'off'],
    defaultValue: 'on',
    help: 'Off: no loop-delay sampler, GC observer, HTTP or broadcast timing; /metrics leaves those out, /readyz does not see a late loop.',
  }),
  TOUCHLINE_FAULTS: optionalSetting({
    unit: 'list',
    pattern: /./,
    range: 'name[=value],…',
    help: 'Faults to switch on, as positive controls; refused when NODE_ENV is production.',
  }),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof SETTINGS;

/** The values of all settings by name. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name]['defaultValue'];
};
