import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { chooseAdminPort, RUN_ADMIN_PORT } from './run-admin-port.ts';

/** An address that no run binds, so that one on this machine does no harm. */
const HOST = '127.0.0.77';

it('takes the port that Prometheus knows, and any other while somebody has that', async () => {
  expect(await chooseAdminPort(HOST)).toBe(RUN_ADMIN_PORT);
  const other = createServer().listen(RUN_ADMIN_PORT, HOST);
  await once(other, 'listening');
  expect(await chooseAdminPort(HOST)).toBe(0);
  other.close();
  await once(other, 'close');
  expect(await chooseAdminPort(HOST)).toBe(RUN_ADMIN_PORT);
});
