import { readFileSync } from 'node:fs';

/** touchline's own version, whether this runs from the sources or from `dist/`. */
export function readPackageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const version = versionIn(new URL(path, import.meta.url));
    if (version !== null) return version;
  }
  return 'unknown';
}

function versionIn(file: URL): string | null {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null || !('version' in content)) return null;
    return typeof content.version === 'string' ? content.version : null;
  } catch {
    return null;
  }
}
