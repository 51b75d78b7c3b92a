/** Who called whom, and what each took: µs of a CPU profile, or live bytes of a heap profile. */

import type { ProfiledCall, ProfiledFunction, RoomShare } from '../record/profile-record.ts';
import type { SourceLines } from '../source/source-lines.ts';
import { roomOf } from './rooms.ts';
import type { CallFrame } from './v8-profiles.ts';

export interface CallNode {
  readonly frame: CallFrame;
  /** Of itself, without what it calls. */
  readonly self: number;
  /** With all that it calls. */
  readonly total: number;
  readonly children: readonly CallNode[];
}

/** A call, with its total. */
export function callNode(frame: CallFrame, self: number, children: readonly CallNode[]): CallNode {
  return { frame, self, total: children.reduce((sum, { total }) => sum + total, self), children };
}

type Named = Pick<ProfiledFunction, 'functionName' | 'file' | 'line' | 'room'>;

/** Names functions, each once. */
export class FunctionNames {
  readonly #lines: SourceLines;
  readonly #names = new Map<string, Named>();

  constructor(lines: SourceLines) {
    this.#lines = lines;
  }

  nameOf(frame: CallFrame): Named {
    const key = keyOf(frame);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const { url, lineNumber: line, columnNumber: column, functionName } = frame;
    const found = this.#lines.lookUp({ url, line, column, functionName });
    const named: Named = {
      functionName: functionName === '' ? '(anonymous)' : functionName,
      file: found.file,
      line: found.line,
      room: roomOf(frame, found.file),
    };
    this.#names.set(key, named);
    return named;
  }
}

interface Sums {
  readonly frame: CallFrame;
  self: number;
  total: number;
}

/** Self and total of every function; a function that calls itself counts once. By self, the hottest first. */
export function functionsOf(
  roots: readonly CallNode[],
  all: number,
  names: FunctionNames,
): readonly ProfiledFunction[] {
  const sums = new Map<string, Sums>();
  const onStack = new Set<string>();
  const visit = ({ frame, self, total, children }: CallNode): void => {
    const key = keyOf(frame);
    const own = sums.get(key) ?? { frame, self: 0, total: 0 };
    sums.set(key, own);
    own.self += self;
    const isOutermost = !onStack.has(key);
    if (isOutermost) onStack.add(key);
    children.forEach(visit);
    if (isOutermost) {
      onStack.delete(key);
      own.total += total;
    }
  };
  roots.forEach(visit);
  return [...sums.values()]
    .filter(({ frame, total }) => isFunction(frame) && total > 0)
    .sort((a, b) => b.self - a.self || b.total - a.total)
    .map(({ frame, self, total }) => ({
      ...names.nameOf(frame),
      selfRatio: ratio(self, all),
      totalRatio: ratio(total, all),
    }));
}

/** What each room took of itself, the most first. */
export function roomsOf(roots: readonly CallNode[], all: number, names: FunctionNames): readonly RoomShare[] {
  const sums = new Map<string, number>();
  const visit = ({ frame, self, children }: CallNode): void => {
    if (self > 0) {
      const { room } = names.nameOf(frame);
      sums.set(room, (sums.get(room) ?? 0) + self);
    }
    children.forEach(visit);
  };
  roots.forEach(visit);
  return [...sums]
    .map(([room, self]) => ({ room, selfRatio: ratio(self, all) }))
    .sort((a, b) => b.selfRatio - a.selfRatio);
}

/** Calls that take at least this share are drawn. */
const LEAST_DRAWN = 0.005;
/** Deep stacks of thin calls would still be many. */
const MOST_DRAWN = 400;

/**
 * The flame graph: the same function under the same caller is one call. Each caller stands before what it calls, and
 * siblings in order of size.
 */
export function callsOf(
  roots: readonly CallNode[],
  all: number,
  names: FunctionNames,
): readonly ProfiledCall[] {
  const calls: ProfiledCall[] = [];
  let level = merged(roots).map((call) => ({ call, caller: -1 }));
  // Level by level: where there are too many, the deepest are left out.
  while (level.length > 0 && calls.length < MOST_DRAWN) {
    const next: typeof level = [];
    for (const { call, caller } of level) {
      const totalRatio = ratio(call.total, all);
      if (totalRatio < LEAST_DRAWN || calls.length === MOST_DRAWN) continue;
      const index = calls.push({ ...names.nameOf(call.frame), caller, totalRatio }) - 1;
      next.push(...merged(call.children).map((child) => ({ call: child, caller: index })));
    }
    level = next;
  }
  return calls;
}

/** Calls of the same function as one, the largest first. */
function merged(nodes: readonly CallNode[]): readonly CallNode[] {
  const groups = new Map<string, CallNode[]>();
  for (const node of nodes) {
    const key = keyOf(node.frame);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()]
    .flatMap(([first, ...others]) => (first === undefined ? [] : [others.reduce(joined, first)]))
    .sort((a, b) => b.total - a.total);
}

function joined(one: CallNode, other: CallNode): CallNode {
  return callNode(one.frame, one.self + other.self, [...one.children, ...other.children]);
}

/** Not `(program)`, `(garbage collector)` and the like. */
function isFunction({ functionName, url }: CallFrame): boolean {
  return url !== '' || !functionName.startsWith('(');
}

function keyOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  return `${functionName}\n${url}\n${lineNumber}:${columnNumber}`;
}

function ratio(part: number, all: number): number {
  return all === 0 ? 0 : Number((part / all).toFixed(5));
}
