/** What the run ran on, for run.json: a figure without its machine says nothing. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../record/run-envelope.ts';
import { readFdLimit } from './fd-limits.ts';

const run = promisify(execFile);

/** @param projectFolder folder of package.json */
export async function readEnvironment(projectFolder: string): Promise<Environment> {
  const [fdLimit, localPortRange, gitCommit, packageJson, lock] = await Promise.all([
    readFdLimit(),
    readText('/proc/sys/net/ipv4/ip_local_port_range'),
    readGitCommit(projectFolder),
    readJson(join(projectFolder, 'package.json')),
    readJson(join(projectFolder, 'package-lock.json')),
  ]);
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${platform()}-${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    fdLimit,
    localPortRange: localPortRange?.trim().replace(/\s+/, '–') ?? null,
    gitCommit,
    touchlineVersion: textAt(packageJson, ['version']) ?? 'unknown',
    dependencies: installedVersions(packageJson, lock),
    // Matches live in memory; the server has no other store.
    store: 'memory',
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}

/**
 * Versions that are installed, not ranges that were asked for.
 *
 * @param packageJson parsed package.json
 * @param lock parsed package-lock.json (version 2 or 3)
 */
export function installedVersions(packageJson: unknown, lock: unknown): Record<string, string> {
  const names = Object.keys(objectAt(packageJson, ['dependencies']));
  return Object.fromEntries(
    names.map((name) => [
      name,
      textAt(lock, ['packages', `node_modules/${name}`, 'version']) ??
        textAt(packageJson, ['dependencies', name]) ??
        'unknown',
    ]),
  );
}

async function readGitCommit(folder: string): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      cwd: folder,
      timeout: 5_000,
    });
    return stdout.trim();
  } catch {
    // No git, or no checkout: a release tarball is measured too.
    return null;
  }
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return text === null ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

function objectAt(value: unknown, path: readonly string[]): Record<string, unknown> {
  const found = at(value, path);
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
}
