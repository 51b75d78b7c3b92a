/** The words of `heap:diff`, which has files and no scenario. */

import { parseArgs } from 'node:util';
import { unknownOption } from './options/parse-argv.ts';

const OPTIONS = {
  connections: { type: 'string' },
  heapprofile: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What was asked for. */
export type HeapDiffAsked =
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problems: readonly string[] }
  | { readonly kind: 'run'; readonly options: HeapDiffOptions };

export interface HeapDiffOptions {
  readonly files: readonly [string, string] | readonly [string, string, string];
  /** In each interval. */
  readonly connections: number | null;
  readonly heapProfile: string | null;
  readonly json: boolean;
}

export const HEAP_DIFF_USAGE = `Names what leaks between heap snapshots of one Node program: class, count, holder, line.

  npm run heap:diff -- first.heapsnapshot second.heapsnapshot [third.heapsnapshot]

Take the first when the program is warm, then let N connections come and go, take the second, let N come and go
again, take the third. Snapshots: v8.writeHeapSnapshot(), node --heapsnapshot-signal=SIGUSR2, or DevTools.
What grows in both intervals and stays is a leak: objects of a class, functions, the bytes of Buffers, and strings,
numbers and entries of a Map, a Set, an Array or an object. Two snapshots show growth, which may end.

  --connections N   connections (or requests) in each interval: figures become per connection, and
                    0.5 % of N counts as growth (without it: 10 objects); of what everybody makes, plain
                    objects, arrays and the entries of a collection, five times as many, 10 at least
  --heapprofile F   a .heapprofile of the same time: tells which function allocates
  --json            one JSON object on stdout
  --help            this text

Exit codes: 0 nothing grows, 1 something grows, 2 wrong words, 3 a file cannot be read, 4 inconclusive:
nothing that has a name explains why the heap grew in both intervals by 100 KB or more and by 2 % of its bytes,
or evenly by 1 % of its objects and strings; a collection grew more slowly in the second interval, or got more room
for small numbers, which are in no snapshot, but not so much more that it must go on; the snapshots are of different
processes, or not in the order taken.`;

/** @param argv words after the script's name */
export function readHeapDiffOptions(argv: readonly string[]): HeapDiffAsked {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return { kind: 'usage', problems: [problemOf(argv, error)] };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const problems: string[] = [];
  const connections = values.connections === undefined ? null : Number(values.connections);
  if (connections !== null && (!Number.isInteger(connections) || connections < 1)) {
    problems.push(`--connections: expected a whole number from 1 on; received "${values.connections}"`);
  }
  const [first, second, third, ...more] = positionals;
  if (first === undefined || second === undefined || more.length > 0) {
    problems.push(`expected two or three .heapsnapshot files; received ${positionals.length}`);
    return { kind: 'usage', problems };
  }
  if (problems.length > 0) return { kind: 'usage', problems };
  const files = third === undefined ? ([first, second] as const) : ([first, second, third] as const);
  const { heapprofile: heapProfile = null, json } = values;
  return { kind: 'run', options: { files, connections, heapProfile, json } };
}

/** Said as the other commands say it, where it is a word that nobody knows. */
function problemOf(argv: readonly string[], error: unknown): string {
  const known = Object.keys(OPTIONS);
  const unknown = argv.find(
    (word) => word.startsWith('--') && !known.includes(word.slice(2).replace(/=.*$/s, '')),
  );
  if (unknown !== undefined) return unknownOption(unknown.replace(/=.*$/s, ''), known);
  return error instanceof Error ? error.message : String(error);
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: OPTIONS,
  });
}
