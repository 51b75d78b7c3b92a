/** One run of the server under a tool: it starts both, lets the server drain, has drawn what was collected, and keeps that. */

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from '../record/run-envelope.ts';
import type { ServerCommand, ServerLauncher, StartedServer } from '../run/server-launcher.ts';
import { lastLines } from '../run/server-process.ts';
import { joinTraces } from './join-traces.ts';
import { type GroupOptions, ProcessGroup } from './process-group.ts';
import { ServerChannel } from './server-channel.ts';
import { TOOLS, type Tool, type ToolName } from './tool.ts';
import { keepArtefacts } from './tool-artefacts.ts';
import { planOf, type ToolPlan, toolEnvironment } from './tool-plan.ts';

export interface ToolSessionOptions {
  readonly tool: ToolName;
  /** Its program, to be run by `node`. */
  readonly script: string;
  /** Takes the artefacts. */
  readonly runFolder: string;
  readonly limits?: Partial<ToolLimits>;
}

export interface ToolLimits {
  readonly startMs: number;
  /** From the server's being asked to drain until a signal asks once more; from then on as long again until all are killed. */
  readonly drainMs: number;
  /** From the server's end to the tool's own. */
  readonly collectMs: number;
  readonly drawMs: number;
}

/** Loaded machines start slowly, and a tool works on all that was collected after the server has ended. */
const LIMITS: ToolLimits = { startMs: 60_000, drainMs: 30_000, collectMs: 300_000, drawMs: 600_000 };
/** Of traces with 2^19 events each: bubbleprof holds them all in memory, and browsers what it draws. */
const MOST_TRACES = 2;

/** What came of it. */
export type ToolResult =
  | { readonly kind: 'kept'; readonly artefacts: readonly Artefact[] }
  | { readonly kind: 'failed'; readonly reason: string };

interface Started {
  readonly group: ProcessGroup;
  readonly channel: ServerChannel;
  /** The tool's own, fresh: both leave files where they run. */
  readonly place: GroupOptions;
}

/** Starts the server under a tool as often as it is asked; the last one is collected from. */
export class ToolSession implements ServerLauncher {
  readonly title: string;
  private readonly tool: Tool;
  private readonly name: ToolName;
  private readonly plan: ToolPlan;
  private readonly runFolder: string;
  private readonly limits: ToolLimits;
  private readonly begun: Started[] = [];

  constructor({ tool, script, runFolder, limits }: ToolSessionOptions) {
    this.name = tool;
    this.tool = TOOLS[tool];
    this.title = this.tool.title;
    this.plan = planOf(tool, script);
    this.runFolder = runFolder;
    this.limits = { ...LIMITS, ...limits };
  }

  get startTimeoutMs(): number {
    return this.limits.startMs;
  }

  get stopDeadlineMs(): number {
    return 2 * this.limits.drainMs;
  }

  async launch({ entryFile, nodeOptions, environment, logFile }: ServerCommand): Promise<StartedServer> {
    const folder = await mkdtemp(join(this.runFolder, '.tool-'));
    const channel = await ServerChannel.open();
    const place = { folder, logFile, environment: { ...environment, ...toolEnvironment(folder) } };
    const server = [process.execPath, ...nodeOptions, ...channel.nodeOptions, entryFile];
    const group = ProcessGroup.start(this.plan.collect(server), place);
    this.begun.push({ group, channel, place });
    return {
      listening: channel.listening,
      exited: Promise.race([group.exited, channel.ended.then(() => ({ code: null, signal: null }))]),
      drain: () => this.drain(channel, group),
      kill: group.kill,
    };
  }

  /** Not by a signal at first: 0x answers one by ending the server at once, clinic by sending it again. */
  private drain(channel: ServerChannel, group: ProcessGroup): void {
    channel.disconnect();
    const reminder = setTimeout(() => group.signal('SIGINT'), this.limits.drainMs);
    void Promise.race([channel.ended, group.exited]).then(() => clearTimeout(reminder));
  }

  /**
   * Waits for the tool, once the server has ended, and takes what it drew.
   *
   * @returns the reason where there is nothing; exit codes are not believed: clinic also ends with 0 when it has written nothing
   */
  async collect(): Promise<ToolResult> {
    const started = this.begun.at(-1);
    if (started === undefined) return { kind: 'failed', reason: 'it was never started' };
    const { place } = started;
    const ended = await started.group.endWithin(this.limits.collectMs);
    if (ended === undefined) return this.failed(place, tooLong('of collecting', this.limits.collectMs));
    const shortened = await this.joinTraces(place);
    const { draw } = this.plan;
    if (draw !== null) {
      const drawn = await ProcessGroup.start(draw, place).endWithin(this.limits.drawMs);
      if (drawn === undefined) return this.failed(place, tooLong('of drawing', this.limits.drawMs));
    }
    const html = join(place.folder, this.plan.html);
    const kept = await keepArtefacts({
      tool: this.name,
      html,
      data: this.plan.data === null ? null : join(place.folder, this.plan.data),
      runFolder: this.runFolder,
    });
    if (typeof kept === 'string') {
      const how = ended.signal ?? `exit code ${ended.code}`;
      return this.failed(place, `${kept}; it had ended with ${how}`);
    }
    const [first, ...others] = kept;
    if (first === undefined) return this.failed(place, 'it left nothing');
    return { kind: 'kept', artefacts: [{ ...first, note: `${first.note}${shortened}` }, ...others] };
  }

  private async joinTraces({ folder }: GroupOptions): Promise<string> {
    const { data } = this.plan;
    if (this.name !== 'bubbleprof' || data === null) return '';
    const output = join(folder, data);
    const isThere = await stat(output).catch(() => undefined);
    if (isThere === undefined) return '';
    const { files, taken } = await joinTraces(
      folder,
      join(output, 'run.clinic-bubbleprof-traceevent'),
      MOST_TRACES,
    );
    return files > taken
      ? ` Of this long run it shows the first ${taken * 2 ** 19} events alone; a shorter one (--quick, one rate, a short --duration) is shown whole.`
      : '';
  }

  private async failed({ logFile }: GroupOptions, reason: string): Promise<ToolResult> {
    const said = await lastLines(logFile);
    return { kind: 'failed', reason: `${reason}. Its last words:\n${said}` };
  }

  /** Ends what still runs, and removes what was collected. */
  async close(): Promise<void> {
    for (const { group, channel, place } of this.begun.splice(0)) {
      group.kill();
      await group.exited;
      await channel.close();
      await rm(place.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

function tooLong(what: string, limitMs: number): string {
  return `after ${limitMs / 1_000} s ${what} it was ended`;
}
