import { expect, it } from 'vitest';
import { roomOf } from './rooms.ts';

it.each([
  ['publish', 'file:///p/dist/server/hub/frames/a.js', 'server/hub/frames/a.ts', 'server/hub'],
  [
    'publish',
    'file:///p/dist/server/features/matches/a.js',
    'server/features/matches/a.ts',
    'server/features/matches',
  ],
  ['start', 'file:///p/dist/server/core.js', 'server/core.ts', 'server'],
  ['start', 'file:///p/main.js', 'main.js', '.'],
  ['start', 'file:///q/lib/main.js', '/q/lib/main.js', '/q/lib'],
  ['send', 'file:///p/node_modules/ws/lib/sender.js', 'node_modules/ws/lib/sender.js', 'node_modules/ws'],
  ['f', 'file:///p/node_modules/@a/b/c.js', 'node_modules/@a/b/c.js', 'node_modules/@a/b'],
  ['write', 'node:internal/streams/writable', 'node:internal/streams/writable', 'node:stream'],
  ['write', 'node:internal/stream_base_commons', 'node:internal/stream_base_commons', 'node:stream'],
  ['emit', 'node:_http_server', 'node:_http_server', 'node:http'],
  ['connect', 'node:net', 'node:net', 'node:net'],
  ['writev', '', '', 'native writes'],
  ['writeUtf8String', '', '', 'native writes'],
  ['(garbage collector)', '', '', 'garbage collection'],
  ['(program)', '', '', 'outside JavaScript'],
  ['now', '', '', 'native calls'],
])('%s of %s (%s) is in the room %s', (functionName, url, file, room) => {
  expect(roomOf({ functionName, url, scriptId: '1', lineNumber: 1, columnNumber: 1 }, file)).toBe(room);
});
