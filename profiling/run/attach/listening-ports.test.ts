import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { holdersOf, listenersOf, parseListeners } from './listening-ports.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

describe('parseListeners', () => {
  it('reads addresses and ports of what listens, and nothing else', () => {
    const text = `${HEAD}   0: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 25351 1 0
   1: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 25352 1 0
   2: 0100007F:240D 0100007F:D3AA 01 00000000:00000000 00:00000000 00000000     0        0 25353 1 0
`;
    expect(parseListeners(text)).toEqual([
      { host: '127.0.0.1', port: 9229, inode: '25351' },
      { host: '127.0.0.1', port: 8000, inode: '25352' },
    ]);
  });

  it('reads IPv6; what listens everywhere is reached by loopback', () => {
    const text = `${HEAD}   0: 00000000000000000000000001000000:240D 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 7 1 0
   1: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 8 1 0
`;
    expect(parseListeners(text)).toEqual([
      { host: '[0:0:0:0:0:0:0:1]', port: 9229, inode: '7' },
      { host: '127.0.0.1', port: 8000, inode: '8' },
    ]);
  });
});

describe('who listens', () => {
  it('is found by the port and by the process', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect((await listenersOf(process.pid)).map((listener) => listener.port)).toContain(port);
      expect(await holdersOf(port)).toContain(process.pid);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect((await listenersOf(process.pid)).map((listener) => listener.port)).not.toContain(port);
    expect(await holdersOf(port)).not.toContain(process.pid);
  });
});
