/** Where a function was written: V8 names lines of compiled JavaScript, people want those of their TypeScript. */

import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceLine } from '../record/heap-growth-record.ts';

/** A function as V8 names it in profiles and snapshots. */
export interface ScriptPlace {
  /** `file:///…`, an absolute path, `node:…`, or empty where it is V8's own. */
  readonly url: string;
  /** From 0; -1 where V8 has none. */
  readonly line: number;
  /** From 0; -1 where V8 has none. */
  readonly column: number;
  readonly functionName: string;
}

interface MappedFile {
  readonly map: SourceMap;
  /** What its sources are relative to. */
  readonly folder: string;
}

/** In the last line of a script; a tool may write spaces around it. */
const MAP_COMMENT = /\/\/[#@] ?sourceMappingURL=([^\s'"]+)\s*$/;
const INLINE_JSON = /^data:application\/json[^,]*?(;base64)?,(.*)$/s;

/** Looks lines up, reading each source map once. A script without a map, or with one that cannot be read, stays what it is. */
export class SourceLines {
  readonly #projectFolder: string;
  readonly #maps = new Map<string, MappedFile | null>();

  /** @param projectFolder files inside it are named from there */
  constructor(projectFolder: string) {
    this.#projectFolder = resolve(projectFolder);
  }

  /** @returns lines from 1; 0 where V8 has none */
  lookUp({ url, line, column, functionName }: ScriptPlace): SourceLine {
    const path = pathOf(url);
    if (path === null) return { functionName, file: url, line: line + 1 };
    const mapped = this.#original(path, line, column);
    const file = this.#nameOf(mapped?.path ?? path);
    return { functionName, file, line: (mapped?.line ?? line) + 1 };
  }

  #original(path: string, line: number, column: number): { path: string; line: number } | null {
    // What is installed is what a reader finds on his disk; the sources of packages seldom come with them.
    if (line < 0 || isPackaged(path)) return null;
    const mapped = this.#mapOf(path);
    if (mapped === null) return null;
    const entry = mapped.map.findEntry(line, Math.max(0, column));
    if (!('originalSource' in entry) || typeof entry.originalSource !== 'string') return null;
    const { originalSource: source, originalLine } = entry;
    return { path: pathOf(source) ?? resolve(mapped.folder, source), line: originalLine };
  }

  #mapOf(path: string): MappedFile | null {
    const known = this.#maps.get(path);
    if (known !== undefined) return known;
    const read = readMap(path);
    this.#maps.set(path, read);
    return read;
  }

  #nameOf(path: string): string {
    const packaged = path.lastIndexOf(`node_modules${sep}`);
    if (packaged >= 0) return slashed(path.slice(packaged));
    const inside = relative(this.#projectFolder, path);
    return slashed(inside.startsWith('..') || inside === '' ? path : inside);
  }
}

/** @returns null for what is no file */
function pathOf(url: string): string | null {
  if (url.startsWith('/')) return url;
  if (!url.startsWith('file:')) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

function isPackaged(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

/** @returns null where there is none, or it is no source map: then the script itself is named */
function readMap(path: string): MappedFile | null {
  try {
    const found = MAP_COMMENT.exec(readFileSync(path, 'utf8'))?.[1];
    const inline = INLINE_JSON.exec(found ?? '');
    const file = inline === null ? join(dirname(path), found ?? '') : path;
    if (inline === null && (found === undefined || !existsSync(file))) return null;
    const payload: unknown = JSON.parse(inline === null ? readFileSync(file, 'utf8') : decoded(inline));
    if (!isPayload(payload)) return null;
    const folder = resolve(dirname(file), pathOf(payload.sourceRoot ?? '') ?? payload.sourceRoot ?? '');
    return { map: new SourceMap({ ...payload, sourceRoot: '' }), folder };
  } catch {
    return null;
  }
}

function decoded([, base64, text = '']: RegExpExecArray): string {
  return base64 === undefined ? decodeURIComponent(text) : Buffer.from(text, 'base64').toString('utf8');
}

type Payload = ConstructorParameters<typeof SourceMap>[0];

function isPayload(value: unknown): value is Payload {
  return (
    typeof value === 'object' &&
    value !== null &&
    'mappings' in value &&
    typeof value.mappings === 'string' &&
    'sources' in value &&
    Array.isArray(value.sources)
  );
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
