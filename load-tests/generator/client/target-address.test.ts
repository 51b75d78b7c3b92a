import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { targetAddress } from './target-address.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('the address of a target', () => {
  it.each(['127.0.0.1', '::1'])('is %s for localhost, where only that answers', async (host) => {
    const port = await listen(host);
    expect(await targetAddress(new URL(`ws://localhost:${port}/ws`))).toBe(host);
  });

  it('is 127.0.0.1 for localhost, where nobody answers', async () => {
    expect(await targetAddress(new URL('http://localhost:1'))).toBe('127.0.0.1');
  });

  it.each([
    ['ws://127.0.0.7:1/ws', '127.0.0.7'],
    ['ws://[::1]:1/ws', '::1'],
    ['ws://no-such-host.invalid/ws', 'no-such-host.invalid'],
  ])('of %s is %s', async (url, address) => {
    expect(await targetAddress(new URL(url))).toBe(address);
  });
});
