/** Which room of the house a function lives in; for code that is not ours, its package or its module of Node. */

import type { CallFrame } from './v8-profiles.ts';

/** V8's names for what is no function. */
export const IDLE = '(idle)';
export const GARBAGE_COLLECTION = 'garbage collection';
/** V8's `(program)`: what ran outside of JavaScript, such as reading sockets in libuv. */
export const OUTSIDE_JAVASCRIPT = 'outside JavaScript';
export const NATIVE_WRITES = 'native writes';
export const NATIVE_CALLS = 'native calls';

/** Methods of Node's stream handles, and of uWebSockets.js, that hand bytes to the kernel before they return. */
const WRITES = new Set([
  'writev',
  'writeBuffer',
  'writeUtf8String',
  'writeAsciiString',
  'writeLatin1String',
  'writeUcs2String',
  'send',
  'sendFirstFragment',
  'cork',
  'publish',
]);

/** Rooms inside of which each room has a folder of its own. */
const CORRIDORS = new Set(['features', 'generator']);

/**
 * @param file as `SourceLines` names it
 * @returns `server/hub`, `server/features/matches`, `node_modules/ws`, `node:net`, `native writes`, …
 */
export function roomOf({ functionName, url }: CallFrame, file: string): string {
  if (functionName === '(garbage collector)') return GARBAGE_COLLECTION;
  if (functionName === '(program)') return OUTSIDE_JAVASCRIPT;
  if (url === '') return WRITES.has(functionName) ? NATIVE_WRITES : NATIVE_CALLS;
  if (url.startsWith('node:')) return nodeModuleOf(url);
  if (file.startsWith('node_modules/')) return packageOf(file);
  const folders = file.split('/').slice(0, -1);
  if (file.startsWith('/')) return folders.join('/');
  return folders.slice(0, CORRIDORS.has(folders[1] ?? '') ? 3 : 2).join('/') || '.';
}

/** `node:internal/streams/writable` and `node:internal/stream_base_commons` are `node:stream`. */
function nodeModuleOf(url: string): string {
  const [first = ''] = url.replace(/^node:(internal\/)?_?/, '').split('/');
  if (/^streams?(_|$)/.test(first)) return 'node:stream';
  if (/^http_/.test(first)) return 'node:http';
  if (/^tls_/.test(first)) return 'node:tls';
  return `node:${first}`;
}

function packageOf(file: string): string {
  const [, first = '', second = ''] = file.split('/');
  return `node_modules/${first.startsWith('@') ? `${first}/${second}` : first}`;
}
