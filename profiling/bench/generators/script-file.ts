/** Where the compiled scripts of the generators are. */

import { fileURLToPath } from 'node:url';

/** @param name below `receiving/` */
export function scriptFile(name: string): string {
  return fileURLToPath(new URL(`./receiving/${name}`, import.meta.url));
}
