/** Turns the environment into the server's configuration, or into the list of everything that is wrong with it. */

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Fault, parseFaults } from './faults/fault-catalogue.ts';
import { TouchlineError, type TouchlineErrorCode } from './protocol/touchline-error.ts';
import type { Setting } from './setting.ts';
import { SETTINGS, type SettingName, type SettingValues } from './settings.ts';

/** Certificate and key as PEM text. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What the server runs with. */
export interface ServerConfig {
  readonly settings: SettingValues;
  /** Null serves `ws://` and `http://`. */
  readonly tls: TlsFiles | null;
  readonly faults: readonly Fault[];
}

/** One wrong setting, in words. */
export interface ConfigProblem {
  readonly code: TouchlineErrorCode;
  readonly name: SettingName;
  readonly expected: string;
  readonly received: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: ServerConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting and reports all problems together. A variable that is set but empty counts as unset.
 *
 * @param readFile reads a PEM file; injected for tests
 */
export function readConfig(
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): ConfigResult {
  const problems: ConfigProblem[] = [];
  const settings = withEngine(readSettings(env, problems), env, problems);
  const tls = readTls(settings, readFile, problems);
  const faults = readFaults(settings.TOUCHLINE_FAULTS, env['NODE_ENV'], problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: { settings, tls, faults } };
}

/** One line for one problem: `TL_… NAME: expected …; received …`. */
export function formatProblem({ code, name, expected, received }: ConfigProblem): string {
  return `${code} ${name}: expected ${expected}; received ${received}`;
}

/** The defaults of all settings. */
export function defaultSettings(): SettingValues {
  return readSettings({}, []);
}

function readSettings(env: Environment, problems: ConfigProblem[]): SettingValues {
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([name, setting]) => {
    const text = env[name] ?? '';
    if (text === '') return [name, setting.defaultValue];
    const value = setting.parse(text.trim());
    if (value !== undefined) return [name, value];
    const received = isSecret(name) ? 'something else' : JSON.stringify(text);
    problems.push({
      code: 'TL_CONFIG_INVALID',
      name: name as SettingName,
      expected: setting.range,
      received,
    });
    return [name, setting.defaultValue];
  });
  return Object.fromEntries(entries) as SettingValues;
}

/** SERVER_MODE is another name of ENGINE: it counts where that is not set, and must not contradict it. */
function withEngine(settings: SettingValues, env: Environment, problems: ConfigProblem[]): SettingValues {
  const { ENGINE, SERVER_MODE } = settings;
  if (SERVER_MODE === null) return settings;
  if ((env['ENGINE'] ?? '') === '') return { ...settings, ENGINE: SERVER_MODE };
  if (SERVER_MODE !== ENGINE) {
    const expected = `${ENGINE}, as ENGINE says, or only one of the two`;
    problems.push({
      code: 'TL_CONFIG_INVALID',
      name: 'SERVER_MODE',
      expected,
      received: JSON.stringify(SERVER_MODE),
    });
  }
  return settings;
}

function isSecret(name: string): boolean {
  return name.endsWith('_TOKEN');
}

function readTls(
  settings: SettingValues,
  readFile: (path: string) => string,
  problems: ConfigProblem[],
): TlsFiles | null {
  const { TLS_CERT, TLS_KEY } = settings;
  if (TLS_CERT === null && TLS_KEY === null) return null;
  const read = (name: 'TLS_CERT' | 'TLS_KEY', other: string): string => {
    const path = settings[name];
    if (path === null) {
      const expected = `${SETTINGS[name].range}, because ${other} is set`;
      problems.push({ code: 'TL_CONFIG_INVALID', name, expected, received: 'nothing' });
      return '';
    }
    try {
      const text = readFile(path);
      // OpenSSL takes an empty text for none, and the server would then fail every handshake.
      if (text.trim() !== '') return text;
      throw new Error('the file is empty');
    } catch (error) {
      const received = `"${path}" (${error instanceof Error ? error.message : String(error)})`;
      problems.push({ code: 'TL_CONFIG_INVALID', name, expected: SETTINGS[name].range, received });
      return '';
    }
  };
  const files = { cert: read('TLS_CERT', 'TLS_KEY'), key: read('TLS_KEY', 'TLS_CERT') };
  if (files.cert !== '' && files.key !== '') checkKeyPair(files, problems);
  return files;
}

function checkKeyPair(files: TlsFiles, problems: ConfigProblem[]): void {
  try {
    createSecureContext(files);
  } catch (error) {
    const received = error instanceof Error ? error.message : String(error);
    const expected = 'a PEM certificate and, in TLS_KEY, its key';
    problems.push({ code: 'TL_CONFIG_INVALID', name: 'TLS_CERT', expected, received });
  }
}

function readFaults(
  text: string | null,
  nodeEnv: string | undefined,
  problems: ConfigProblem[],
): readonly Fault[] {
  if (text === null) return [];
  const name = 'TOUCHLINE_FAULTS';
  const faults = text.split(',').flatMap((part) => {
    try {
      return parseFaults(part);
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
      const expected = error.message.replace(/^expected /, '').replace(/; received .*$/, '');
      problems.push({ code: error.code, name, expected, received: JSON.stringify(part.trim()) });
      return [];
    }
  });
  const names = faults.map((fault) => fault.name);
  for (const repeated of new Set(names.filter((fault, index) => names.indexOf(fault) !== index))) {
    problems.push({
      code: 'TL_FAULT_INVALID',
      name,
      expected: `${repeated} once`,
      received: JSON.stringify(text),
    });
  }
  if (faults.length > 0 && nodeEnv === 'production') {
    const expected = 'no faults while NODE_ENV is production';
    problems.push({ code: 'TL_FAULT_IN_PRODUCTION', name, expected, received: JSON.stringify(text) });
  }
  return faults;
}
