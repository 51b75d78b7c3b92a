/** From the end of a server under a tool to the tool's page in the run's folder. */

import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artefact } from '../record/run-envelope.ts';
import { lastLines } from '../run/server-process.ts';
import { joinTraces } from './join-traces.ts';
import { type GroupOptions, ProcessGroup } from './process-group.ts';
import type { ToolName } from './tool.ts';
import { keepArtefacts, removeArtefacts } from './tool-artefacts.ts';
import type { ToolLimits } from './tool-limits.ts';
import type { ToolPlan } from './tool-plan.ts';

/** What came of it. */
export type ToolResult =
  | { readonly kind: 'kept'; readonly artefacts: readonly Artefact[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** A tool whose server has ended, or is about to. */
export interface Collected {
  readonly tool: ToolName;
  readonly plan: ToolPlan;
  /** Of the tool and the server. */
  readonly group: ProcessGroup;
  /** The tool's own, fresh: both leave files where they run. */
  readonly place: GroupOptions;
  readonly runFolder: string;
  readonly limits: ToolLimits;
  /** Ends the drawing; undefined: nothing does. */
  readonly stop: AbortSignal | undefined;
  /** What to know of the scenario when the page is read. */
  readonly note: string | undefined;
}

/** Of traces with 2^19 events each: bubbleprof holds them all in memory, and browsers what it draws. */
const MOST_TRACES = 2;

/**
 * Waits for the tool, and takes what it drew.
 *
 * @returns the reason where there is nothing; exit codes are not believed: clinic also ends with 0 when it has written nothing
 */
export async function drawPage(collected: Collected): Promise<ToolResult> {
  const { plan, group, place, limits } = collected;
  const collecting = await endOf(group, { what: 'collecting', limitMs: limits.collectMs, ...collected });
  if (collecting.kind === 'cut') return failed(collected, collecting.reason);
  const shortened = await joinedTraces(collected);
  if (plan.draw === null) return keep(collected, { ended: collecting.how, shortened });
  const drawer = ProcessGroup.start(plan.draw, place);
  const drawing = await endOf(drawer, { what: 'drawing', limitMs: limits.drawMs, ...collected });
  if (drawing.kind === 'cut') return failed(collected, drawing.reason);
  return keep(collected, { ended: `${collecting.how}, and with ${drawing.how} as it drew`, shortened });
}

type End =
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'cut'; readonly reason: string };

interface Step {
  readonly what: string;
  readonly limitMs: number;
  readonly stop: AbortSignal | undefined;
}

async function endOf(group: ProcessGroup, { what, limitMs, stop }: Step): Promise<End> {
  const exit = await group.endWithin(limitMs, stop);
  if (exit !== undefined) return { kind: 'ended', how: exit.signal ?? `exit code ${exit.code}` };
  return {
    kind: 'cut',
    reason:
      stop?.aborted === true
        ? `a signal ended it in the middle of ${what}`
        : `after ${limitMs / 1_000} s of ${what} it was ended`,
  };
}

/** @returns a sentence where not all of them could be taken */
async function joinedTraces({
  tool,
  plan: { trace },
  place: { folder },
}: Collected): Promise<string | undefined> {
  if (trace === null) return undefined;
  const output = join(folder, trace);
  const isThere = await stat(dirname(output)).catch(() => undefined);
  if (isThere === undefined) return undefined;
  const { files, taken } = await joinTraces(folder, output, MOST_TRACES);
  return files > taken
    ? `Of this long run it ${tool === 'doctor' ? 'knows the garbage collections among' : 'shows'} the first ${taken * 2 ** 19} events alone; a shorter one (--quick, one rate, a short --duration) is shown whole.`
    : undefined;
}

interface Ended {
  /** As a clause: `exit code 0`. */
  readonly ended: string;
  readonly shortened: string | undefined;
}

async function keep(collected: Collected, { ended, shortened }: Ended): Promise<ToolResult> {
  const { tool, plan, place, runFolder, note } = collected;
  const kept = await keepArtefacts({
    tool,
    html: join(place.folder, plan.html),
    data: plan.data === null ? null : join(place.folder, plan.data),
    runFolder,
  });
  if (typeof kept === 'string') return failed(collected, `${kept}; it had ended with ${ended}`);
  const [page, ...others] = kept;
  return { kind: 'kept', artefacts: [{ ...page, note: sentences(page.note, shortened, note) }, ...others] };
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

async function failed({ tool, place, runFolder }: Collected, reason: string): Promise<ToolResult> {
  await removeArtefacts(tool, runFolder);
  const said = await lastLines(place.logFile);
  return { kind: 'failed', reason: `${reason}. Its last words:\n${said}` };
}
