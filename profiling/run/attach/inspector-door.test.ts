import { describe, expect, it } from 'vitest';
import { inspectorPort } from './inspector-door.ts';

describe('inspectorPort', () => {
  const of = (words: readonly string[], nodeOptions = '') => inspectorPort({ words, nodeOptions });

  it.each([
    ['nothing', ['node', 'server.js'], '', 9229],
    ['its own option', ['node', '--inspect-port=9300', 'server.js'], '', 9300],
    ['an address', ['node', '--inspect-port=127.0.0.1:9301', 'server.js'], '', 9301],
    ['--inspect', ['node', '--inspect=9302', 'server.js'], '', 9302],
    ['--inspect without a port', ['node', '--inspect', 'server.js'], '', 9229],
    ['NODE_OPTIONS', ['node', 'server.js'], '--enable-source-maps --inspect-port=9303', 9303],
    ['both', ['node', '--inspect-port=9304', 'server.js'], '--inspect-port=9305', 9304],
    ['any free port', ['node', '--inspect-port=0', 'server.js'], '', 0],
    ['an option of the program', ['node', 'server.js', '--inspect-port=9306'], '', 9229],
  ])('reads %s', (_what, words, nodeOptions, port) => {
    expect(of(words, nodeOptions)).toBe(port);
  });
});
