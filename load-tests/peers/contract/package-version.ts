/** Which version of a package is installed. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** @returns `unknown` where the package does not tell */
export function packageVersion(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version }: { version?: unknown } = JSON.parse(
        readFileSync(join(folder, name, 'package.json'), 'utf8'),
      );
      if (typeof version === 'string') return version;
    } catch {
      // Not in this folder.
    }
  }
  return 'unknown';
}
