import { defaultSettings, type ServerConfig } from '../config.ts';
import { startServer, type TouchlineServer } from '../server.ts';
import type { SettingValues } from '../settings.ts';

export interface TestServer extends TouchlineServer {
  /** Bearer token of the admin port. */
  readonly adminToken: string;
  /** Errors of ours; a test that finds one here found a defect. */
  readonly defects: readonly unknown[];
}

/** A server in this process on free ports, with a short drain. Stop it in `afterAll`. */
export async function startTestServer(
  settings: Partial<SettingValues> = {},
  more: Partial<Pick<ServerConfig, 'tls' | 'faults'>> = {},
): Promise<TestServer> {
  const adminToken = 'test-admin-token';
  const defects: unknown[] = [];
  const server = await startServer(
    {
      settings: { ...defaultSettings(), PORT: 0, ADMIN_PORT: 0, DRAIN_TIMEOUT_SECS: 1, ...settings },
      tls: null,
      faults: [],
      ...more,
    },
    { adminToken, onDefect: (error) => defects.push(error) },
  );
  return { ...server, adminToken, defects };
}
