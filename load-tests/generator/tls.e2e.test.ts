import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import { TEST_TLS } from '../../server/testing/test-tls.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { RecordingObserver, testPlan } from '../testing/load-plans.ts';

let folder = '';
let server: FakeMatchServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  server = await FakeMatchServer.start({}, TEST_TLS);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function runTier() {
  const coordinator = await LoadCoordinator.start({ workers: 1 });
  try {
    return await coordinator.run(testPlan(server.target, { client: 'ws' }), new RecordingObserver());
  } finally {
    await coordinator.stop();
  }
}

it('loads a wss:// target whose certificate is trusted', async () => {
  await writeFile(join(folder, 'ca.pem'), TEST_TLS.cert);
  vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'ca.pem'));
  const result = await runTier();
  expect(result).toMatchObject({ state: 'completed', connect: { connected: 20, failures: [] } });
  expect(result.publish.accepted).toBe(60);
  expect(result.ledger).toMatchObject({ expected: 1_200, unique: 1_200, lost: 0 });
});

it('connects to no wss:// target whose certificate nobody vouches for', async () => {
  const result = await runTier();
  expect(result.connect).toMatchObject({
    connected: 0,
    failures: [{ reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', count: 20 }],
  });
});
