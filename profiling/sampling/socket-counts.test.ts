import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { countSockets, endpointsOf, parseSockets, readSocketCounts } from './socket-counts.ts';

/** As /proc/net/tcp writes it; 1F40 is port 8000, 1F90 is 8080. */
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:C350 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:1F40 0100007F:C351 08 00000000:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
   4: 0100007F:1F40 0100007F:C352 06 00000000:00000000 03:00001234 00000000     0        0 0 3 0
   5: 0100007F:C353 0100007F:1F40 06 00000000:00000000 03:00001234 00000000     0        0 0 3 0
   6: 0100007F:C354 0100007F:1F90 06 00000000:00000000 03:00001234 00000000     0        0 0 3 0
   7: 0100007F:1F40 0100007F:C355 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: 0000000000000000FFFF00000100007F:1F40 0000000000000000FFFF00000100007F:C360 01 00000000:00000000 00:00000000
   1: 0000000000000000FFFF00000100007F:1F40 0000000000000000FFFF00000100007F:C361 06 00000000:00000000 00:00000000
`;

const SERVER = endpointsOf(['ws://127.0.0.1:8000/ws']);

describe('countSockets', () => {
  it('tells sockets with a peer from those that the target alone still has, and both sides of TIME_WAIT', () => {
    expect(countSockets(parseSockets(TCP), SERVER)).toEqual({
      held: 1,
      serverTimeWait: 1,
      clientTimeWait: 1,
    });
  });

  it('finds the IPv4 peer of a socket that listens on IPv6', () => {
    const peer = '   9: 0100007F:C360 0100007F:1F40 01 00000000:00000000 00:00000000\n';
    expect(countSockets(parseSockets(TCP6 + peer), SERVER)).toMatchObject({ held: 1, serverTimeWait: 1 });
  });

  it('counts a socket once that the kernel wrote twice', () => {
    expect(countSockets(parseSockets(TCP + TCP), SERVER)).toEqual(countSockets(parseSockets(TCP), SERVER));
  });

  it('counts no socket of another port', () => {
    expect(countSockets(parseSockets(TCP), endpointsOf(['http://127.0.0.1:9999']))).toEqual({
      held: 0,
      serverTimeWait: 0,
      clientTimeWait: 0,
    });
  });
});

describe('endpointsOf', () => {
  it('writes ends as the kernel does, each once, with the port of a scheme', () => {
    expect(endpointsOf(['ws://127.0.0.1:8000/ws', 'http://127.0.0.1:8000', 'wss://127.0.1.2/ws'])).toEqual([
      '0100007F:1F40',
      '0201007F:01BB',
    ]);
    expect(endpointsOf(['http://localhost'])).toEqual([
      '0100007F:0050',
      '00000000000000000000000001000000:0050',
    ]);
  });

  it('takes no client for the server that has the same port on another loopback address', () => {
    const client = TCP.replaceAll('0100007F:1F40', '0500007F:1F40');
    expect(countSockets(parseSockets(client), SERVER)).toEqual({
      held: 0,
      serverTimeWait: 0,
      clientTimeWait: 0,
    });
  });
});

describe('readSocketCounts', () => {
  it('sees a real connection while both ends are open, and not once the peer has closed', async () => {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const endpoints = endpointsOf([`http://127.0.0.1:${port}`]);
    const client = connect(port, '127.0.0.1');
    const [accepted] = await once(server, 'connection');
    expect((await readSocketCounts(endpoints))?.held).toBe(1);
    accepted.resume();
    const ended = once(accepted, 'end');
    client.end();
    await ended;
    expect((await readSocketCounts(endpoints))?.held).toBe(0);
    accepted.destroy();
    server.close();
    await once(server, 'close');
  });
});
