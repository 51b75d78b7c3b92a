/** Which file a script number stands for: the snapshot numbers scripts, and names them at their functions. */

import type { HeapGraph } from './heap-graph.ts';

/** Names by number: `file:///…`, an absolute path or `node:…`. */
export type ScriptFiles = ReadonlyMap<number, string>;

/** Follows one function of each script to the script. */
export function findScriptFiles(graph: HeapGraph): ScriptFiles {
  const files = new Map<number, string>();
  for (let node = 0; node < graph.nodes.count; node += 1) {
    if (graph.nodes.location[node] === 0 || graph.typeOf(node) !== 'closure') continue;
    const scriptId = graph.locationOf(node)?.scriptId;
    if (scriptId === undefined || files.has(scriptId)) continue;
    const name = scriptNameOf(graph, node);
    if (name !== null) files.set(scriptId, name);
  }
  return files;
}

/** The field is called `script_or_debug_info` up to Node 22, where a debugger may stand between. */
function scriptNameOf(graph: HeapGraph, closure: number): string | null {
  const shared = graph.follow(closure, ['shared']);
  const script = shared === null ? null : graph.follow(shared, ['script', 'script_or_debug_info']);
  if (script === null) return null;
  const name = graph.nameOf(script);
  return name === '' || name.startsWith('system / ') ? null : name;
}
