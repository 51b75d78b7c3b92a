/** docker-compose.yml as data, as far as the tests ask about it. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One service, with what its anchors bring merged in. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly user?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: unknown;
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
}

export const PROJECT_FOLDER = new URL('../../', import.meta.url).pathname;

/** The file, not interpolated: `${API_TOKEN:-}` stands as it is. */
export function readComposeFile(): ComposeFile {
  return parse(readFileSync(`${PROJECT_FOLDER}docker-compose.yml`, 'utf8'), { merge: true }) as ComposeFile;
}

/** Fills in `${NAME:-default}`, as compose does. @throws RangeError for a variable without a default */
export function interpolate(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_all, name: string, fallback: string | undefined) => {
    const value = environment[name] || fallback;
    if (value === undefined) throw new RangeError(`expected a default for ${name} in ${text}`);
    return value;
  });
}
