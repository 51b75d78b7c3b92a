import { describe, expect, it } from 'vitest';
import { type LoadingNode, loadUws } from './load-uws.ts';

const PACKAGE = '@trufflesuite/uws-js-unofficial';
const native = Object.fromEntries(
  ['App', 'SSLApp', 'H3App', 'us_socket_local_port', 'us_listen_socket_close'].map((name) => [
    name,
    () => {},
  ]),
);
const { H3App: _, ...fallback } = native;

/** A Node on which these modules are installed; an Error is thrown by whoever loads them. */
function nodeWith(modules: Readonly<Record<string, unknown>>): LoadingNode {
  return {
    version: 'v24.1.0',
    platform: 'linux',
    arch: 'x64',
    abi: '137',
    require(name) {
      const loaded = modules[name];
      if (loaded instanceof Error) throw loaded;
      if (loaded !== undefined) return loaded;
      throw Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n- here`), {
        code: 'MODULE_NOT_FOUND',
      });
    },
  };
}

describe('loadUws', () => {
  it('takes uWebSockets.js before the unofficial build', () => {
    const other = { ...native };
    const binary = `${PACKAGE}/binaries/uws_linux_x64_137.node`;
    expect(loadUws(nodeWith({ 'uWebSockets.js': native, [binary]: other }))).toBe(native);
    expect(loadUws(nodeWith({ [binary]: other }))).toBe(other);
  });

  it.each([
    ['nothing', {}, /received none: the package is not installed\. Install it: npm install .*@20\.30\.0/],
    [
      'a build for other versions of Node',
      { [`${PACKAGE}/package.json`]: {} },
      /received a build of it \(@.*\) that has none for Node v24\.1\.0 on linux x64\. Install it: npm install/,
    ],
    [
      'the JavaScript fallback',
      { 'uWebSockets.js': fallback },
      /received uWebSockets\.js is not the native module\. Install it/,
    ],
    [
      'a module that will not load',
      { 'uWebSockets.js': new Error('supports only Node.js 18\nand more') },
      /received supports only Node\.js 18\. Install it/,
    ],
  ])('says what to do where there is %s', (_, modules, message) => {
    const load = () => loadUws(nodeWith(modules));
    expect(load).toThrow(
      expect.objectContaining({ code: 'TL_ENGINE_UNAVAILABLE', message: expect.stringMatching(message) }),
    );
    expect(load).toThrow(/^ENGINE=uws: expected uWebSockets\.js, which runs as native code; received /);
  });
});
