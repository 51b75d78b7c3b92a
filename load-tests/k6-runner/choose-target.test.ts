import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { chooseTarget } from './choose-target.ts';

const PLACE = { projectFolder: '/nowhere', environment: {}, onNote: () => undefined };

it('refuses a server that is not ours, and says what it answered', async () => {
  const server = createServer((_, response) => response.writeHead(404).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  await expect(chooseTarget({ url, faults: [] }, PLACE)).rejects.toThrow(
    /livez answering 200; it answers 404\./,
  );
  server.close();
  await once(server, 'close');
  await expect(chooseTarget({ url, faults: [] }, PLACE)).rejects.toMatchObject({
    code: 'TL_TARGET_UNREACHABLE',
    message: expect.stringContaining('nothing answers (ECONNREFUSED)'),
  });
});

it('notices that a server which was there has gone', async () => {
  const server = createServer((_, response) => response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = await chooseTarget({ url, faults: [] }, PLACE);
  expect(await target.end()).toBeUndefined();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  expect(await target.end()).toContain(`expected the server at ${url} to run to the end`);
});
