import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import type { ClassCounts } from './class-counts.ts';
import type { Lifecycle } from './lifecycle.ts';
import {
  CLASS_CATALOGUE,
  classEntry,
  LIFECYCLE_CATALOGUE,
  LISTENER_CATALOGUE,
  type LifecycleEntry,
  listenerEntry,
  structureEntry,
} from './lifecycle-catalogue.ts';

const ENTRIES: readonly [string, LifecycleEntry][] = [
  LIFECYCLE_CATALOGUE,
  LISTENER_CATALOGUE,
  CLASS_CATALOGUE,
].flatMap((catalogue) => Object.entries<LifecycleEntry>(catalogue));

/** Where a method or a function of a module begins; its name follows. */
const BEGINNING =
  /^(?: {2,4}(?:async )?(?!if|for|while|switch)(#?\w+)\(.*\{$|(?:export )?(?:async )?function (\w+)\b)/gm;

const sourceOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('the lifecycle catalogue', () => {
  it.each(ENTRIES)('knows the one line that releases %s', (_, { releasedBy }) => {
    const { file, method, code } = releasedBy;
    const source = sourceOf(file);
    expect(source.split(code)).toHaveLength(2);
    const [, ofClass, alone] = [...source.slice(0, source.indexOf(code)).matchAll(BEGINNING)].at(-1) ?? [];
    expect(method.split('.').at(-1)).toBe(ofClass ?? alone);
    if (ofClass !== undefined)
      expect(source).toMatch(new RegExp(`(class|interface) ${method.split('.')[0]}\\b`));
  });

  it('says in words what each is', () => {
    const titles = ENTRIES.map(([, { title }]) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^[A-Z].{4,79}$/);
  });

  it('knows nothing of what it does not list', () => {
    expect([structureEntry('toString'), listenerEntry('other:close'), classEntry('Object')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a running server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  async function ask<Body>(method: string, path: string): Promise<Body> {
    const headers = { authorization: `Bearer ${server.adminToken}`, connection: 'close' };
    const response = await fetch(`${server.adminUrl}${path}`, { method, headers });
    return (await response.json()) as Body;
  }

  it('names nothing that the catalogue lacks, and all that it has', async () => {
    const { structures, bounds, listeners } = await ask<Lifecycle>('GET', '/debug/lifecycle');
    const beside = ['timers', 'openFds'];
    expect([...Object.keys(structures), ...beside].sort()).toEqual(Object.keys(LIFECYCLE_CATALOGUE).sort());
    expect(Object.keys(listeners).filter((key) => listenerEntry(key) === undefined)).toEqual([]);
    const boundedNames = Object.entries<LifecycleEntry>(LIFECYCLE_CATALOGUE)
      .filter(([, { kind }]) => kind === 'bounded')
      .map(([name]) => name);
    expect(Object.keys(bounds).sort()).toEqual(boundedNames.sort());
    for (const name of boundedNames) expect(name).toMatch(/(History|Ring)$/);

    const { counts } = await ask<ClassCounts>('POST', '/debug/class-counts');
    expect(Object.keys(counts).sort()).toEqual(Object.keys(CLASS_CATALOGUE).sort());
  });
});
