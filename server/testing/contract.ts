/** Behaviours that every engine owes, written once: each suite runs on each of them. */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ENGINES, type EngineName } from '../protocol/engine-names.ts';
import { startTestServer } from './start-test-server.ts';

/**
 * @param define tests that start their servers with `ENGINE: engine`. Where an engine must differ from the other, the
 *   test says how.
 */
export function contract(title: string, define: (engine: EngineName) => void): void {
  describe.each(ENGINES)(`${title} (%s)`, (engine) => {
    if (engine === 'uws' && isWithoutBuild()) itRefusesThisNode();
    else define(engine);
  });
}

/** Whether the package is there, and has nothing for this Node. An absent package is no excuse: its tests fail. */
export function isWithoutBuild(): boolean {
  const { platform, arch, versions } = process;
  try {
    const path = createRequire(import.meta.url).resolve('@trufflesuite/uws-js-unofficial/package.json');
    const binary = `binaries/uws_${platform}_${arch}_${versions.modules}.node`;
    return !existsSync(path.replace('package.json', binary));
  } catch {
    return false;
  }
}

function itRefusesThisNode(): void {
  it(`says that there is no build for Node ${process.version}`, async () => {
    const started = startTestServer({ ENGINE: 'uws' });
    await expect(started).rejects.toMatchObject({
      code: 'TL_ENGINE_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`none for Node ${process.version}.*npm install`)),
    });
  });
}
