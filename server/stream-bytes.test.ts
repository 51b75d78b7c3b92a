import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bytesWrittenBy } from './stream-bytes.ts';

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/** Two ends of a connection on loopback. */
async function pair(): Promise<{ writer: Socket; reader: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const writer = connect(port, '127.0.0.1');
  const [reader] = (await once(server, 'connection')) as [Socket];
  server.close();
  open.push(writer, reader);
  return { writer, reader };
}

const write = (socket: Socket, bytes: number) =>
  new Promise<void>((resolve) => {
    socket.write(Buffer.alloc(bytes), () => resolve());
  });

describe('bytesWrittenBy', () => {
  it('is what Node counts: with an empty queue, a full one, and after the end', async () => {
    const { writer, reader } = await pair();
    reader.resume();
    expect(bytesWrittenBy(writer)).toBe(writer.bytesWritten);
    await write(writer, 1_000);
    expect(writer.writableLength).toBe(0);
    expect(bytesWrittenBy(writer)).toBe(1_000);
    reader.pause();
    for (let round = 0; round < 40; round += 1) writer.write(Buffer.alloc(1_048_576));
    expect(writer.writableLength).toBeGreaterThan(0);
    expect(bytesWrittenBy(writer)).toBe(1_000 + 40 * 1_048_576);
    expect(bytesWrittenBy(writer)).toBe(writer.bytesWritten);
    writer.destroy();
    await once(writer, 'close');
    expect(bytesWrittenBy(writer)).toBe(writer.bytesWritten);
  });
});
