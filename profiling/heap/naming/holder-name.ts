/** Names a holder as a program would write it: `Map: Registry.sessions`. */

import type { HeapGraph, Step } from '../graph/heap-graph.ts';
import { classOfNode, type LeakScene } from '../graph/leak-scene.ts';
import { isWrapper } from '../graph/wrapper-class.ts';
import { isContext, isPart } from './find-holder.ts';

/** What holds, in words. */
export interface HolderName {
  readonly text: string;
  /** The event, where it is a list of listeners. */
  readonly event: string | null;
}

/** Classes that many things are of: the name goes on to what they belong to. */
const COMMON_CLASSES: readonly string[] = ['EventEmitter', 'Map', 'Set', 'WeakMap', 'Object', 'Array', ''];
const MOST_SEGMENTS = 6;
const LISTENERS = '_events';
const TIMERS = 'TimersList';
const TIMER = 'Timeout';
const SYMBOL = /^<symbol (.*)>$/;

/**
 * @param holder a node that does not leak
 * @param edge the first of the way down from it
 */
export function nameHolder(scene: LeakScene, holder: number, edge: number): HolderName {
  const { graph } = scene;
  const name = graph.nameOf(holder);
  if (isContext(name)) return { text: variableText(scene, { from: holder, edge }), event: null };
  if (name === TIMERS) return { text: timersText(graph, holder), event: null };
  const list = name === TIMER ? listOfTimer(scene, holder) : null;
  if (list !== null)
    return { text: `${TIMER}: ${timersText(graph, list).replace(`${TIMERS}: `, '')}`, event: null };
  const segments = pathTo(scene, holder);
  const held = graph.edgeTypeOf(edge) === 'property' ? graph.labelOf(edge) : null;
  // An emitter with one listener for an event has no list: the function stands there itself.
  const isListener = held !== null && segments.at(-1) === LISTENERS;
  const full = isListener ? [...segments, held] : segments;
  const title = graph.typeOf(holder) === 'closure' ? `function ${name}` : name || 'object';
  const path = joined(full);
  return { text: path === '' || path === name ? title : `${title}: ${path}`, event: eventOf(full) };
}

/** `Timers of 60000 ms`: the list stands in an object under its milliseconds, which the list itself keeps as a bare number. */
function timersText(graph: HeapGraph, list: number): string {
  const ms = graph
    .stepsInto(list)
    .map(({ edge }) => (['element', 'property'].includes(graph.edgeTypeOf(edge)) ? graph.labelOf(edge) : ''))
    .find((label) => /^\d+$/.test(label));
  return ms === undefined ? TIMERS : `${TIMERS}: timers of ${ms} ms`;
}

/** Up through the timers before it; null where something else leads to this one first. */
function listOfTimer({ graph, walk }: LeakScene, timer: number): number | null {
  for (let step = walk.stepInto(timer); step !== null; step = walk.stepInto(step.from)) {
    const name = graph.nameOf(step.from);
    if (name === TIMERS) return step.from;
    if (name !== TIMER) return null;
  }
  return null;
}

function variableText(scene: LeakScene, { from, edge }: Step): string {
  const { graph } = scene;
  const file = fileOfContext(scene, from);
  const held = `variable ${plain(graph.labelOf(edge))}`;
  return file === null ? held : `${held} of ${file}`;
}

/** Names from the owner down to the holder. */
function pathTo(scene: LeakScene, holder: number): readonly string[] {
  const { graph, walk } = scene;
  const segments: string[] = [];
  let node = holder;
  while (segments.length < MOST_SEGMENTS) {
    const step = walk.stepInto(node);
    if (step === null) break;
    const type = graph.edgeTypeOf(step.edge);
    const label = graph.labelOf(step.edge);
    if (type === 'context') {
      segments.unshift(plain(label));
      break;
    }
    if (type === 'property') segments.unshift(plain(label));
    else if (type === 'element') segments.unshift('[]');
    else if (!isPart(scene, step) && !isStored(graph, step)) break;
    node = step.from;
    const owner = ownerName(scene, node);
    if (owner !== null && segments.length > 0) {
      segments.unshift(owner);
      break;
    }
  }
  return segments;
}

/** A field of V8 that leads from an object to what it stores. */
function isStored(graph: HeapGraph, { edge }: Step): boolean {
  return ['table', 'elements', 'properties'].includes(graph.labelOf(edge));
}

/** @returns the class, or the function whose property it is; null where that says nothing */
function ownerName(scene: LeakScene, node: number): string | null {
  const heapClass = classOfNode(scene, node);
  if (heapClass === null || isWrapper(heapClass) || COMMON_CLASSES.includes(heapClass.name)) return null;
  return heapClass.name;
}

function eventOf(segments: readonly string[]): string | null {
  const at = segments.lastIndexOf(LISTENERS);
  return at < 0 ? null : (segments[at + 1] ?? null);
}

function joined(segments: readonly string[]): string {
  return segments.reduce((text, segment) => {
    if (text === '' || segment.startsWith('[')) return text + segment;
    return `${text}.${segment}`;
  }, '');
}

/** `<symbol kOut>` as `[kOut]`. */
function plain(label: string): string {
  return label.replace(SYMBOL, '[$1]');
}

/** The script of a function that sees these variables. */
function fileOfContext({ graph, files }: LeakScene, context: number): string | null {
  for (const { from } of graph.stepsInto(context)) {
    if (graph.typeOf(from) !== 'closure') continue;
    const file = files.get(graph.locationOf(from)?.scriptId ?? -1);
    if (file !== undefined) return file.slice(file.lastIndexOf('/') + 1);
  }
  return null;
}
