/** What keeps a leaked object alive: something that does not leak, or another leaked class. */

import type { Step } from '../graph/heap-graph.ts';
import { classOfNode, type LeakScene } from '../graph/leak-scene.ts';
import { isWrapper } from '../graph/wrapper-class.ts';

/** The answer for one object. */
export type Keeper =
  /** Does not leak itself; `edge` is the first of the way down. */
  | { readonly kind: 'holder'; readonly node: number; readonly edge: number }
  /** Place of a growing class in the census. */
  | { readonly kind: 'class'; readonly place: number }
  | { readonly kind: 'nothing' };

/** Types of nodes that are parts of an object: its elements, its table of properties, its code. */
const PART_TYPES: readonly string[] = ['array', 'hidden', 'code', 'object shape'];
const CONTEXT = 'system / Context';
const WRAPPED = 'listener';
/** Of its own class: a list refers to one more of its kind, a tree to two, a collection to many. */
const LEAST_HELD = 3;

/** Answers for the objects of one class; what was found on the way up is remembered, since a list of timers is one long way. */
export class KeeperSearch {
  readonly #scene: LeakScene;
  readonly #known = new Map<number, Keeper>();
  readonly #collections = new Map<number, boolean>();

  constructor(scene: LeakScene) {
    this.#scene = scene;
  }

  /** @param node a leaked object of the class that this search is for */
  find(node: number): Keeper {
    const own = this.#scene.census.classOf[node] ?? 0;
    const passed: number[] = [];
    let keeper: Keeper | undefined;
    for (let at = node; keeper === undefined; ) {
      keeper = this.#known.get(at);
      if (keeper !== undefined) break;
      passed.push(at);
      const step = this.#scene.walk.stepInto(at);
      if (step === null) keeper = { kind: 'nothing' };
      else if (this.#isPassed(step, own)) at = step.from;
      else keeper = this.#keeperAt(step);
    }
    for (const below of passed) this.#known.set(below, keeper);
    return keeper;
  }

  /**
   * Whether the node above is only a part of what holds, a wrapper, or of the same class: the next timer of a list, which may have been there
   * before.
   */
  #isPassed(step: Step, own: number): boolean {
    const { census, isLeaked } = this.#scene;
    if (census.classOf[step.from] === own) return isLeaked[step.from] === 1 || !this.#isCollection(step.from);
    if (isLeaked[step.from] !== 1) return isPart(this.#scene, step);
    const above = classOfNode(this.#scene, step.from);
    if (above === null || isWrapper(above)) return true;
    // Since Node 24 what `once` wraps a listener in is a function like any other.
    return above.kind === 'closure' && this.#scene.graph.labelOf(step.edge) === WRAPPED;
  }

  /** Whether a node that does not leak holds many of its own class that do: an Array of Arrays, an object of objects. */
  #isCollection(node: number): boolean {
    const { graph, census, isLeaked } = this.#scene;
    const known = this.#collections.get(node);
    if (known !== undefined) return known;
    const held = new Set<number>();
    const count = (_: number, target: number) => {
      if (isLeaked[target] === 1 && census.classOf[target] === census.classOf[node]) held.add(target);
    };
    graph.eachStrongEdge(node, (edge, target) => {
      count(edge, target);
      if (graph.typeOf(target) === 'array') graph.eachStrongEdge(target, count);
    });
    const isCollection = held.size >= LEAST_HELD;
    this.#collections.set(node, isCollection);
    return isCollection;
  }

  #keeperAt({ from, edge }: Step): Keeper {
    const { isLeaked, census } = this.#scene;
    if (isLeaked[from] !== 1) return { kind: 'holder', node: from, edge };
    return { kind: 'class', place: (census.classOf[from] ?? 0) - 1 };
  }
}

/** Whether the node above is no thing of its own. A variable of a function is one: its context holds by that name. */
export function isPart({ graph, walk }: LeakScene, { from, edge }: Step): boolean {
  if (isContext(graph.nameOf(from))) return graph.edgeTypeOf(edge) !== 'context' || walk.level[from] !== 0;
  return PART_TYPES.includes(graph.typeOf(from));
}

/** Variables of a function or a module that closures share. */
export function isContext(name: string): boolean {
  return name === CONTEXT;
}
