/** What a run is measured with: what was asked for, and where it happens. */

import type { AnyScenario } from '../scenarios/registry.ts';
import type { ToolSession } from '../tools/tool-session.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import type { RunOptions } from './run-options.ts';

export interface MeasureInput {
  readonly scenario: AnyScenario;
  readonly options: RunOptions;
  readonly runId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Folder of package.json and dist/. */
  readonly projectFolder: string;
  readonly runFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
  /** Undefined: the server runs by itself. */
  readonly tool: RunningTool | undefined;
}

/** The tool that the measured server runs under. */
export interface RunningTool {
  readonly session: ToolSession;
  /** With its version. */
  readonly title: string;
  readonly cost: string;
}
