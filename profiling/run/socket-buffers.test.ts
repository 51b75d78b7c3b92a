import { describe, expect, it } from 'vitest';
import { parseLimits, parseQueues, readSocketBuffers } from './socket-buffers.ts';

describe('readSocketBuffers', () => {
  it('reads the sizes of this machine, and fills a pair of sockets whose reader does not read', async () => {
    const buffers = await readSocketBuffers({ batchTicks: 4_096, conflationBytes: null });
    expect(buffers).toMatchObject({ batchTicks: 4_096, conflationBytes: null });
    expect(buffers.highWaterMarkBytes).toBeGreaterThanOrEqual(16_384);
    expect(buffers.send?.maxBytes).toBeGreaterThan(buffers.send?.defaultBytes ?? 0);
    const { takenBytes = 0, sendQueueBytes, receiveQueueBytes } = buffers.probe ?? {};
    expect(takenBytes).toBeGreaterThan(65_536);
    // What is not in one of the two queues is in Node's own, as a part of the last chunk.
    const inKernel = (sendQueueBytes ?? 0) + (receiveQueueBytes ?? 0);
    expect(Math.abs(takenBytes - inKernel)).toBeLessThanOrEqual(65_536);
  });
});

describe('parseLimits', () => {
  it('takes three numbers, and nothing else', () => {
    expect(parseLimits('4096\t16384\t4194304\n')).toEqual({
      minBytes: 4_096,
      defaultBytes: 16_384,
      maxBytes: 4_194_304,
    });
    expect(parseLimits('4096')).toBeNull();
  });
});

describe('parseQueues', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:1F40 0100007F:C350 01 00280000:00000000 01:00000014 00000000     0
   1: 0100007F:C350 0100007F:1F40 01 00000000:0005B000 00:00000000 00000000     0`;

  it('finds both ends of a connection', () => {
    expect(parseQueues(table, [8_000, 50_000])).toEqual({ sendBytes: 2_621_440, receiveBytes: 0 });
    expect(parseQueues(table, [50_000, 8_000])).toEqual({ sendBytes: 0, receiveBytes: 372_736 });
  });

  it('finds nothing where there is none', () => {
    expect(parseQueues(table, [8_000, 50_001])).toBeNull();
  });
});
