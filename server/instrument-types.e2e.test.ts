import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TSC = fileURLToPath(new URL('../node_modules/typescript-native/bin/tsc', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('./testing/instrument-example.ts', import.meta.url));
const OPTIONS = [
  '--ignoreConfig',
  '--noEmit',
  '--strict',
  '--exactOptionalPropertyTypes',
  '--target',
  'es2022',
];

describe('the types of touchline/instrument', () => {
  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'take a ws server and a prom-client registry, and nothing else (module %s, resolution %s)',
    (module, resolution) => {
      const { status, stdout } = spawnSync(
        process.execPath,
        [TSC, ...OPTIONS, '--module', module, '--moduleResolution', resolution, '--types', 'node', EXAMPLE],
        { encoding: 'utf8' },
      );
      expect(stdout).toBe('');
      expect(status).toBe(0);
    },
  );
});
