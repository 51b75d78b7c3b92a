/** A generator that is there, as a program to start. */

import type { GeneratorName } from './generator-catalogue.ts';
import type { GeneratorResult } from './receiving/generator-result.ts';
import type { ReceivePlan } from './receiving/receive-plan.ts';

export interface GeneratorCommand {
  readonly program: string;
  readonly words: readonly string[];
  /** Besides the plan's. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface GeneratorProgram {
  readonly name: GeneratorName;
  /** `v2.2.0`, with the Node that runs it. */
  readonly version: string;
  /**
   * Whether it is told by lines on stdin (`load`, `fence`, `end`) what the others read from the server's marks. Ours
   * has no word for a mark and pings instead.
   */
  readonly hearsLines: boolean;
  /** What to start for a plan; may write files into `folder`. */
  command(plan: ReceivePlan, folder: string): GeneratorCommand;
  /** Reads what it wrote. */
  readResult(text: string): GeneratorResult;
}

export interface UnavailableGenerator {
  readonly name: GeneratorName;
  readonly reason: string;
}
