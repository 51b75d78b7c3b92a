/** The token of the admin port: the configured one, else a random one that only this user can read. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** How the operator learns the token: it is theirs, `main` prints it, or it stands in a file. */
export type AdminTokenSource =
  | { readonly kind: 'configured' }
  | { readonly kind: 'print' }
  | { readonly kind: 'file'; readonly path: string };

export interface AdminToken {
  readonly value: string;
  readonly source: AdminTokenSource;
  /** Removes the token's file, if there is one. */
  remove(): Promise<void>;
}

export interface AdminTokenOptions {
  /** `ADMIN_TOKEN`; undefined or empty when unset. */
  readonly configured: string | undefined;
  /** Whether somebody sits at stdout, so that printing does not put the token into a log. */
  readonly isTty: boolean;
  /** Folder for the token's private folder; the system's temporary one unless given. */
  readonly parentFolder?: string;
}

/** Decides where the token comes from and how it is told. */
export async function createAdminToken(options: AdminTokenOptions): Promise<AdminToken> {
  const { configured } = options;
  if (configured !== undefined && configured !== '') {
    return { value: configured, source: { kind: 'configured' }, remove: async () => {} };
  }
  const value = randomBytes(32).toString('base64url');
  if (options.isTty) return { value, source: { kind: 'print' }, remove: async () => {} };
  const path = await writeTokenFile(value, options.parentFolder ?? tmpdir());
  return {
    value,
    source: { kind: 'file', path },
    remove: () => rm(dirname(path), { recursive: true, force: true }),
  };
}

/** mkdtemp makes a folder of mode 0700 that did not exist, so nobody can have put a link there before. */
async function writeTokenFile(token: string, parentFolder: string): Promise<string> {
  const folder = await mkdtemp(join(parentFolder, 'touchline-admin-'));
  const path = join(folder, 'token');
  await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return path;
}
