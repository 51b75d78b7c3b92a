import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTargets, MAX_TARGETS } from './targets.ts';

const OWN = '127.0.0.1:9464';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-live-targets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const group = (job: string, ...targets: unknown[]) => ({ targets, labels: { job } });

it('finds servers and profilers, each once, and not itself', async () => {
  await write('a.1.json', [
    group('touchline-server', '127.0.0.1:41234', OWN),
    group('touchline-profiler', 'localhost:9465'),
  ]);
  await write('b.2.json', [group('touchline-server', '127.0.0.1:41234', '[::1]:80')]);
  await write('notes.txt', 'no target');
  expect(await findTargets(folder, OWN)).toEqual({
    targets: [
      { kind: 'server', address: '127.0.0.1:41234' },
      { kind: 'load', address: 'localhost:9465' },
      { kind: 'server', address: '[::1]:80' },
    ],
    problems: [],
  });
});

it('has none where there is no folder', async () => {
  expect(await findTargets(join(folder, 'missing'), OWN)).toEqual({ targets: [], problems: [] });
});

describe('what is wrong is said, and the rest is read', () => {
  it.each([
    ['half written', '[{"targets": ["127.0.0.1:1"', /bad\.json: expected JSON/],
    ['an object', {}, /bad\.json: expected a list of targets/],
    ['without addresses', [{ labels: {} }], /bad\.json: expected "targets" to be a list/],
    ['null', [null], /bad\.json: expected "targets"/],
    ['far too large', ' '.repeat(70_000), /bad\.json: expected at most 65536 bytes; received 70000/],
    ['in the network', [group('x', '10.0.0.1:80')], /only loopback addresses .* received "10\.0\.0\.1:80"/],
    ['a name that looks like one', [group('x', '127.0.0.1.example.org:80')], /only loopback/],
    ['with a path', [group('x', '127.0.0.1:80/debug/gc')], /only loopback/],
    ['with a user', [group('x', 'a@127.0.0.1:80')], /only loopback/],
    ['without a port', [group('x', '127.0.0.1')], /only loopback/],
    ['with a port that is none', [group('x', '127.0.0.1:0', '127.0.0.1:70000')], /only loopback/],
    ['a number', [group('x', 80)], /received 80/],
  ])('%s', async (_, content, expected) => {
    await write('bad.json', content);
    await write('good.json', [group('touchline-server', '127.0.0.1:5')]);
    const { targets, problems } = await findTargets(folder, OWN);
    expect(targets).toEqual([{ kind: 'server', address: '127.0.0.1:5' }]);
    expect(problems.join('\n')).toMatch(expected);
  });

  it('a folder with the name of a file is passed over', async () => {
    await mkdir(join(folder, 'folder.json'));
    expect(await findTargets(folder, OWN)).toEqual({ targets: [], problems: [] });
  });

  it('more targets than are read', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `127.0.0.1:${index + 1}`);
    await write('many.json', [group('touchline-server', ...many)]);
    const { targets, problems } = await findTargets(folder, OWN);
    expect(targets).toHaveLength(MAX_TARGETS);
    expect(problems).toEqual(['20 targets are named; the first 8 are read']);
  });
});
