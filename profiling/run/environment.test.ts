import { describe, expect, it } from 'vitest';
import { installedVersions, readEnvironment } from './environment.ts';

describe('readEnvironment', () => {
  it('tells machine and versions of this checkout', async () => {
    const environment = await readEnvironment(process.cwd());
    expect(environment).toMatchObject({ node: process.version, store: 'memory' });
    expect(environment.dependencies['ws']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(environment.touchlineVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(environment.cores).toBeGreaterThan(0);
  });

  it('stays readable where there is neither git nor package.json', async () => {
    const environment = await readEnvironment('/');
    expect(environment).toMatchObject({ gitCommit: null, touchlineVersion: 'unknown', dependencies: {} });
  });
});

describe('installedVersions', () => {
  it('prefers the installed version to the range', () => {
    const packageJson = { dependencies: { ws: '^8.0.0', pino: '^10.0.0' } };
    const lock = { packages: { 'node_modules/ws': { version: '8.23.1' } } };
    expect(installedVersions(packageJson, lock)).toEqual({ ws: '8.23.1', pino: '^10.0.0' });
  });
});
