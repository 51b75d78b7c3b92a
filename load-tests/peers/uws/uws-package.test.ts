import { describe, expect, it } from 'vitest';
import { findUws, UWS_MISSING } from './uws-package.ts';

const native = { App: () => undefined, us_socket_local_port: () => 0, H3App: () => undefined };
const standIn = { App: () => undefined, us_socket_local_port: () => 0 };

function packages(installed: Readonly<Record<string, unknown>>) {
  return async (name: string): Promise<unknown> => {
    if (name in installed) return installed[name];
    throw new Error(`Cannot find package '${name}'`);
  };
}

describe('findUws', () => {
  it('takes the package itself before the republished one', async () => {
    const load = packages({
      'uWebSockets.js': { default: native },
      '@trufflesuite/uws-js-unofficial': { default: native },
    });
    expect((await findUws(load))?.name).toBe('uWebSockets.js');
  });

  it('takes the republished one where only that is there', async () => {
    const load = packages({ '@trufflesuite/uws-js-unofficial': native });
    expect((await findUws(load))?.name).toBe('@trufflesuite/uws-js-unofficial');
  });

  it('refuses a stand-in without the native part', async () => {
    expect(await findUws(packages({ '@trufflesuite/uws-js-unofficial': { default: standIn } }))).toBeNull();
  });

  it('finds nothing where nothing is installed, and there is a sentence for that', async () => {
    expect(await findUws(packages({}))).toBeNull();
    expect(UWS_MISSING).toContain('npm install --no-save @trufflesuite/uws-js-unofficial@20.30');
  });
});
