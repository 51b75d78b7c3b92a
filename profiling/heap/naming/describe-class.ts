/** One growing class in words: who holds it, since when, where it comes from. */

import type { GrowingClass } from '../../record/heap-growth-record.ts';
import type { SourceLines } from '../../source/source-lines.ts';
import type { LeakScene } from '../graph/leak-scene.ts';
import type { RetainedBytes } from '../graph/retained-bytes.ts';
import type { HeapClass } from '../growth/class-census.ts';
import type { Growth } from '../growth/growing-classes.ts';
import type { ScriptLocation } from '../reading/heap-snapshot.ts';
import type { AllocationSites } from './allocation-sites.ts';
import { type Keeper, KeeperSearch } from './find-holder.ts';
import { type HolderName, nameHolder } from './holder-name.ts';
import { eventOfListener } from './listener-event.ts';
import { addVote, mostVotes } from './most-votes.ts';
import { wordPath } from './root-path.ts';
import { callbackOfTimers, type TimerCallback } from './timer-callback.ts';

/** A class with what decides its place in the list. */
export interface DescribedClass {
  readonly growing: GrowingClass;
  /** Where its constructor or function stands: `file:///…`, `node:…`; null for V8's own. */
  readonly script: string | null;
  readonly place: number;
  /** Place of the class that keeps it alive. */
  readonly keeperPlace: number | null;
}

/** What describes any class of a scene. */
export interface Describer {
  readonly scene: LeakScene;
  readonly retained: RetainedBytes;
  readonly lines: SourceLines;
  readonly allocations: AllocationSites | null;
  /** Connections in all intervals together; the number of intervals where nobody told. */
  readonly divisor: number;
}

const ANONYMOUS = '(anonymous)';

/** Who keeps the objects that stayed, by majority. */
interface KeptAlive {
  readonly holder: HolderName | null;
  readonly heldCount: number;
  readonly keeperPlace: number | null;
  /** One object that is held so. */
  readonly example: number;
}

/** @param heapClass that the growth is of */
export function describeClass(describer: Describer, growth: Growth, heapClass: HeapClass): DescribedClass {
  const { scene, retained, divisor } = describer;
  const kept = keptAlive(scene, growth.persisting);
  const [first, , last] = growth.counts;
  const callback = callbackOfTimers(scene, growth.persisting);
  return {
    place: growth.place,
    keeperPlace: kept.keeperPlace,
    script: scene.files.get(heapClass.location?.scriptId ?? -1) ?? null,
    growing: {
      kind: heapClass.kind,
      name: classTitle(scene, heapClass, growth, kept),
      counts: [...growth.counts],
      persisting: growth.persisting.length,
      countPerConnection: (last - first) / divisor,
      bytesPerConnection: retained.of(growth.fresh) / divisor,
      holder: holderText(kept.holder, callback),
      heldCount: kept.heldCount,
      path: wordPath(scene, kept.example),
      event: kept.holder?.event ?? eventOf(scene, heapClass, growth.persisting),
      keptBy: null,
      definedAt: lineOf(describer, heapClass.location, heapClass.name),
      allocatedAt: allocatedAt(describer, heapClass, { callback, isKept: kept.keeperPlace !== null }),
    },
  };
}

function keptAlive(scene: LeakScene, nodes: readonly number[]): KeptAlive {
  const holders = new Map<string, number>();
  const classes = new Map<number, number>();
  const examples = new Map<string | number, { readonly node: number; readonly name: HolderName | null }>();
  for (const { node, name, place } of keepersOf(scene, nodes)) {
    if (name === null) addVote(classes, place);
    else addVote(holders, name.text);
    const answer = name === null ? place : name.text;
    if (!examples.has(answer)) examples.set(answer, { node, name });
  }
  const [holder, heldCount] = mostVotes(holders) ?? ['', 0];
  const [place, keptCount] = mostVotes(classes) ?? [null, 0];
  if (place !== null && keptCount > heldCount) {
    const example = examples.get(place)?.node ?? 0;
    return { holder: null, heldCount: 0, keeperPlace: place, example };
  }
  const { node = nodes[0] ?? 0, name = null } = examples.get(holder) ?? {};
  return { holder: name, heldCount, keeperPlace: null, example: node };
}

/** Each object that something keeps alive, with its holder's name, or the place of the class that keeps it. */
function* keepersOf(scene: LeakScene, nodes: readonly number[]) {
  const search = new KeeperSearch(scene);
  const names = new Map<number, HolderName>();
  for (const node of nodes) {
    const keeper = search.find(node);
    if (keeper.kind === 'holder') yield { node, name: nameOnce(scene, keeper, names), place: -1 };
    if (keeper.kind === 'class') yield { node, name: null, place: keeper.place };
  }
}

/** Three hundred objects have one holder, which is named once. */
function nameOnce(
  scene: LeakScene,
  { node, edge }: Extract<Keeper, { kind: 'holder' }>,
  names: Map<number, HolderName>,
): HolderName {
  const known = names.get(node);
  if (known !== undefined) return known;
  const name = nameHolder(scene, node, edge);
  names.set(node, name);
  return name;
}

function holderText(holder: HolderName | null, callback: TimerCallback | null): string | null {
  if (holder === null) return null;
  return callback === null ? holder.text : `${holder.text}, each calls ${callback.name}`;
}

function classTitle(scene: LeakScene, { kind, name }: HeapClass, growth: Growth, kept: KeptAlive): string {
  if (kind === 'closure' && name === 'native_bind') {
    const target = scene.graph.follow(growth.persisting[0] ?? 0, ['bound_function']);
    return `bound ${target === null ? ANONYMOUS : scene.graph.nameOf(target) || ANONYMOUS}`;
  }
  if (name !== '') return name.replace(/^system \/ /, '');
  if (kind === 'closure' || kept.holder === null) return ANONYMOUS;
  return `${ANONYMOUS} in ${kept.holder.text}`;
}

function eventOf(scene: LeakScene, { kind }: HeapClass, nodes: readonly number[]): string | null {
  if (kind !== 'closure') return null;
  const events = new Map<string, number>();
  for (const node of nodes) {
    const event = eventOfListener(scene, node);
    if (event !== null) addVote(events, event);
  }
  const [event, count] = mostVotes(events) ?? [null, 0];
  return count * 2 > nodes.length ? event : null;
}

function lineOf(
  { scene, lines }: Describer,
  location: ScriptLocation | null,
  functionName: string,
): GrowingClass['allocatedAt'] {
  const url = scene.files.get(location?.scriptId ?? -1);
  if (location === null || url === undefined) return null;
  return lines.lookUp({ url, line: location.line, column: location.column, functionName });
}

/** Of a closure the line it is written in; of a timer, without a heap profile, that of its callback. */
function allocatedAt(
  describer: Describer,
  { kind, name, location }: HeapClass,
  { callback, isKept }: { readonly callback: TimerCallback | null; readonly isKept: boolean },
): GrowingClass['allocatedAt'] {
  if (kind === 'closure') return lineOf(describer, location, name);
  // What hangs on another class may be made anywhere; a guess is for what leaks by itself.
  const site = describer.allocations?.siteOf(name, !isKept && callback === null) ?? null;
  if (site !== null) return describer.lines.lookUp(site);
  return callback === null ? null : lineOf(describer, callback.location, callback.name);
}
