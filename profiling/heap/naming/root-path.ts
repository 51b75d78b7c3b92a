/** The way from the root to an object, a step each, in words. */

import type { Step } from '../graph/heap-graph.ts';
import type { LeakScene } from '../graph/leak-scene.ts';
import { isContext, isPart } from './find-holder.ts';

const MOST_STEPS = 16;

/** From the root down, parts of objects left out; the middle of a long way is left out too, and said so. */
export function wordPath(scene: LeakScene, node: number): string[] {
  const steps: string[] = [];
  for (let at = node; ; ) {
    const step = scene.walk.stepInto(at);
    if (step === null) break;
    const words = stepWords(scene, step, at);
    if (words !== null) steps.push(words);
    at = step.from;
  }
  return shortened(withoutRepeats(steps.reverse()));
}

/** A list of timers is one way as long as there are timers. */
function withoutRepeats(steps: readonly string[]): string[] {
  const runs: { readonly step: string; times: number }[] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (last?.step === step) last.times += 1;
    else runs.push({ step, times: 1 });
  }
  return runs.map(({ step, times }) => (times === 1 ? step : `${step} (${times} times)`));
}

function shortened(steps: string[]): string[] {
  if (steps.length <= MOST_STEPS) return steps;
  const half = MOST_STEPS / 2;
  return [...steps.slice(0, half), `… ${steps.length - MOST_STEPS} more …`, ...steps.slice(-half)];
}

/** @returns null for a part of an object */
function stepWords(scene: LeakScene, step: Step, node: number): string | null {
  const { graph } = scene;
  const what = thing(scene, node);
  const label = graph.labelOf(step.edge);
  switch (graph.edgeTypeOf(step.edge)) {
    case 'context':
      return `variable ${label}: ${what}`;
    case 'property':
      return `.${label}: ${what}`;
    case 'element':
      return graph.typeOf(step.from) === 'synthetic' ? what : `[${label}]: ${what}`;
    default:
      return isPart(scene, { from: node, edge: step.edge }) || isContext(graph.nameOf(node)) ? null : what;
  }
}

function thing({ graph }: LeakScene, node: number): string {
  const name = graph.nameOf(node);
  switch (graph.typeOf(node)) {
    case 'closure':
      return `function ${name || '(anonymous)'}`;
    case 'object':
    case 'native':
      return name || '(anonymous)';
    default:
      return name === '' ? graph.typeOf(node) : name;
  }
}
