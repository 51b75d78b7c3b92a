/** The buffers between a server and its reader on this machine, as the system tells their sizes. */

import { type Static, Type } from 'typebox';

const MaybeBytes = Type.Union([Type.Number(), Type.Null()]);

/** `min default max` of net.ipv4.tcp_wmem or tcp_rmem: the kernel sizes each socket between the outer two. */
export const KernelLimitsSchema = Type.Object({
  minBytes: Type.Number(),
  defaultBytes: Type.Number(),
  maxBytes: Type.Number(),
});
const MaybeLimits = Type.Union([KernelLimitsSchema, Type.Null()]);

export const SocketBuffersSchema = Type.Object({
  /** Most ticks that one turn of the server makes and writes together; null where the server is not ours. */
  batchTicks: Type.Union([Type.Number(), Type.Null()]),
  /** Unsent bytes from which the server gives a reader the latest ticks alone. */
  conflationBytes: MaybeBytes,
  /** A socket of Node tells its writer to wait from here on. */
  highWaterMarkBytes: Type.Number(),
  send: MaybeLimits,
  receive: MaybeLimits,
  /**
   * A pair of sockets on loopback whose reader does not read: what the kernel took before the writer had to wait, and
   * how much of it stood at either end.
   */
  probe: Type.Union([
    Type.Object({ takenBytes: Type.Number(), sendQueueBytes: MaybeBytes, receiveQueueBytes: MaybeBytes }),
    Type.Null(),
  ]),
});

export type SocketBuffers = Static<typeof SocketBuffersSchema>;
export type KernelLimits = Static<typeof KernelLimitsSchema>;
