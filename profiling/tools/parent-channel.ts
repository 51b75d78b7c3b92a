/**
 * Loaded into the server before its own code (`node --import …/parent-channel.js?socket=PATH`), where a tool stands between it and
 * the profiler and Node's own channel does not pass: gives the server that channel again, over a socket. Its first message
 * tells where it listens; the other way, `disconnect` asks it to drain, and so does a profiler that goes away.
 */

import { connect } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const path = new URL(import.meta.url).searchParams.get('socket');
// Worker threads load this, too.
if (isMainThread && path !== null) openChannel(path);

function openChannel(socketPath: string): void {
  const socket = connect(socketPath);
  let isConnected = true;
  const disconnect = () => {
    if (!isConnected) return;
    isConnected = false;
    process.emit('disconnect');
  };
  socket.once('data', disconnect);
  socket.once('close', disconnect);
  socket.once('error', disconnect);
  // It shall not keep the server alive: the profiler sees its end by the end of the connection.
  socket.unref();
  Object.assign(process, {
    channel: { ref: () => socket.ref(), unref: () => socket.unref() },
    send: (message: unknown, _handle?: unknown, _options?: unknown, sent?: (error?: Error | null) => void) =>
      socket.write(`${JSON.stringify(message)}\n`, (error) => sent?.(error ?? null)),
  });
}
