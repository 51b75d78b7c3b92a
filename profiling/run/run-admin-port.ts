/** The admin port of the server that a run starts: one that a Prometheus may know by heart. */

import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Stands in prometheus.yml: Prometheus takes up to five seconds to take a target out of a file, and none for this one.
 * Between those of the profiler (9465 and up) and those kept for a server's workers (9470 and up).
 */
export const RUN_ADMIN_PORT = 9_469;

/**
 * @param host where the admin port will be bound
 * @returns {@link RUN_ADMIN_PORT}, or 0 (any) where somebody listens there already: another run, most likely
 */
export async function chooseAdminPort(host: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(RUN_ADMIN_PORT, host);
    await once(server, 'listening');
  } catch {
    return 0;
  }
  server.close();
  await once(server, 'close');
  return RUN_ADMIN_PORT;
}
