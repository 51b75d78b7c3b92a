import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildPeer } from './build-peers.ts';

describe('a peer whose toolchain is absent', () => {
  const path = process.env['PATH'];
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
    process.env['PATH'] = folder;
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'go',
      'Go is not installed: version 1.24 or newer builds this peer (apt-get install golang, or go.dev).',
    ],
    ['rust', 'Rust is not installed: cargo 1.85 or newer builds this peer (rustup.rs).'],
  ] as const)('is not measured, and says what would change that: %s', async (toolchain, reason) => {
    const options = { projectFolder: process.cwd(), cacheFolder: '.touchline/peers' };
    expect(await buildPeer(toolchain, options)).toEqual({ kind: 'unavailable', reason });
  });
});
