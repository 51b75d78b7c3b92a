/** A sampling heap profile, asked for the function that makes objects of a class. */

import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ScriptPlace } from '../../source/source-lines.ts';

const CallFrameSchema = Type.Object({
  functionName: Type.String(),
  url: Type.String(),
  lineNumber: Type.Number(),
  columnNumber: Type.Number(),
});

const HeadSchema = Type.Object({
  callFrame: CallFrameSchema,
  selfSize: Type.Number(),
  children: Type.Array(Type.Unknown()),
});

type ProfileNode = Static<typeof HeadSchema>;

/** The profiler's own: what starts and stops it, and what hands the answer over. */
const OWN_URL = 'node:inspector';
/** Writing snapshots allocates much, and not for the program. */
const SNAPSHOT_FUNCTIONS: readonly string[] = ['writeHeapSnapshot', 'getHeapSnapshot'];
/** `(V8 API)`, `(PARSER)`, `(GC)`: no function. */
const PSEUDO = /^\(.+\)$/;
/** Classes whose constructor has another name. */
const CONSTRUCTORS: Readonly<Record<string, string>> = { FastBuffer: 'Buffer' };
const DEEPEST = 10_000;
/** From here on what is hottest is hot enough to be blamed for a class whose constructor is not in the profile. */
const LEAST_SHARE = 0.5;

interface Site {
  /** Null where no function of the program is on the stack. */
  readonly frame: ProfileNode['callFrame'] | null;
  bytes: number;
}

/**
 * Knows, by class, the function of the program that called its constructor. A heap profile has functions and no classes: the
 * constructor is found by its name, and lines are those where functions begin.
 */
export class AllocationSites {
  readonly #byFunction = new Map<string, Map<string, Site>>();
  readonly #ofProgram = new Map<string, Site>();
  #programBytes = 0;

  /**
   * @param profile what a `.heapprofile` file holds
   * @throws TouchlineError `TL_SNAPSHOT_INVALID` when it is none
   */
  constructor(profile: unknown) {
    const head =
      typeof profile === 'object' && profile !== null && 'head' in profile ? profile.head : profile;
    this.#visit(checkedNode(head), []);
  }

  /**
   * @param guesses whether a class whose constructor is not in the profile may be given the function that allocates most of all that the program
   * allocates, if that is half of it at least
   * @returns null where the profile does not tell
   */
  siteOf(className: string, guesses: boolean): ScriptPlace | null {
    const callers = this.#byFunction.get(className);
    const most = hottest(callers ?? (guesses ? this.#ofProgram : undefined));
    // Where mostly Node calls it by itself, nobody of the program is to be blamed.
    if (most === null || most.frame === null) return null;
    const isSure = callers !== undefined || most.bytes >= this.#programBytes * LEAST_SHARE;
    return isSure ? placeOf(most.frame) : null;
  }

  /** @returns bytes below this node */
  #visit(node: ProfileNode, stack: readonly ProfileNode['callFrame'][]): number {
    const { callFrame } = node;
    if (isOwn(callFrame)) return 0;
    if (stack.length > DEEPEST) throw invalidProfile('a tree of calls', 'one deeper than any stack');
    const here = [...stack, callFrame];
    let bytes = node.selfSize;
    const own = here.findLast(isOfProgram);
    if (own !== undefined && !isPseudo(callFrame)) {
      add(this.#ofProgram, own, node.selfSize);
      this.#programBytes += node.selfSize;
    }
    for (const child of node.children) bytes += this.#visit(checkedNode(child), here);
    const caller = stack.findLast(isOfProgram) ?? (isOfProgram(callFrame) ? callFrame : undefined);
    for (const name of namesOf(callFrame)) {
      const sites = this.#byFunction.get(name) ?? new Map<string, Site>();
      this.#byFunction.set(name, sites);
      add(sites, caller ?? null, bytes);
    }
    return bytes;
  }
}

/** `new Foo` is how some V8 write a constructor. */
function namesOf({ functionName }: ProfileNode['callFrame']): readonly string[] {
  if (functionName === '') return [];
  const name = functionName.replace(/^new /, '');
  const className = CONSTRUCTORS[name];
  return className === undefined ? [name] : [className];
}

function isOwn({ functionName, url }: ProfileNode['callFrame']): boolean {
  return url === OWN_URL || (url === 'node:v8' && SNAPSHOT_FUNCTIONS.includes(functionName));
}

function isPseudo({ functionName, url }: ProfileNode['callFrame']): boolean {
  return url === '' && PSEUDO.test(functionName);
}

function isOfProgram({ url }: ProfileNode['callFrame']): boolean {
  return url !== '' && !url.startsWith('node:');
}

function add(sites: Map<string, Site>, frame: Site['frame'], bytes: number): void {
  const key = frame === null ? '' : `${frame.url}:${frame.lineNumber}:${frame.columnNumber}`;
  const site = sites.get(key) ?? { frame, bytes: 0 };
  site.bytes += bytes;
  sites.set(key, site);
}

function hottest(sites: ReadonlyMap<string, Site> | undefined): Site | null {
  let most: Site | null = null;
  for (const site of sites?.values() ?? []) if (most === null || site.bytes > most.bytes) most = site;
  return most;
}

function placeOf({ functionName, url, lineNumber, columnNumber }: ProfileNode['callFrame']): ScriptPlace {
  return { functionName, url, line: lineNumber, column: columnNumber };
}

function checkedNode(value: unknown): ProfileNode {
  if (Check(HeadSchema, value)) return value;
  throw invalidProfile(
    'a .heapprofile with calls and what they allocated',
    JSON.stringify(value)?.slice(0, 60) ?? 'nothing',
  );
}

function invalidProfile(expected: string, received: string): TouchlineError {
  return new TouchlineError('TL_SNAPSHOT_INVALID', `expected ${expected}; received ${received}`);
}
