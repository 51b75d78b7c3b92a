/** One run of the server under a tool: it starts both, lets the server drain, has drawn what was collected, and keeps that. */

import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerCommand, ServerLauncher, StartedServer } from '../run/server-launcher.ts';
import { drawPage, type ToolResult } from './draw-page.ts';
import { type GroupOptions, ProcessGroup } from './process-group.ts';
import { removedAtExit } from './removed-at-exit.ts';
import { ServerChannel } from './server-channel.ts';
import { TOOLS, type ToolName } from './tool.ts';
import { TOOL_LIMITS, type ToolLimits } from './tool-limits.ts';
import { planOf, type ToolPlan, toolEnvironment } from './tool-plan.ts';

export interface ToolSessionOptions {
  readonly tool: ToolName;
  /** Its program, to be run by `node`. */
  readonly script: string;
  /** Takes the artefacts. */
  readonly runFolder: string;
  /** What to know of the scenario when the page is read. */
  readonly note?: string | undefined;
  /** Aborted by Ctrl-C: ends a server that does not listen yet, and a tool that draws. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<ToolLimits>;
}

interface Started {
  readonly group: ProcessGroup;
  readonly channel: ServerChannel;
  readonly place: GroupOptions;
  readonly removeFolder: () => Promise<void>;
}

/** Starts the server under a tool as often as it is asked; the last one is collected from. */
export class ToolSession implements ServerLauncher {
  readonly title: string;
  private readonly tool: ToolName;
  private readonly plan: ToolPlan;
  private readonly runFolder: string;
  private readonly note: string | undefined;
  private readonly signal: AbortSignal;
  private readonly limits: ToolLimits;
  private readonly begun: Started[] = [];

  constructor({ tool, script, runFolder, note, signal, limits }: ToolSessionOptions) {
    this.tool = tool;
    this.title = TOOLS[tool].title;
    this.plan = planOf(tool, script);
    this.runFolder = runFolder;
    this.note = note;
    this.signal = signal;
    this.limits = { ...TOOL_LIMITS, ...limits };
  }

  get startTimeoutMs(): number {
    return this.limits.startMs;
  }

  get stopDeadlineMs(): number {
    return 2 * this.limits.drainMs;
  }

  async launch({ entryFile, nodeOptions, environment, logFile }: ServerCommand): Promise<StartedServer> {
    const folder = await mkdtemp(join(this.runFolder, '.tool-'));
    const removeFolder = removedAtExit(folder);
    const channel = await ServerChannel.open();
    const place = { folder, logFile, environment: { ...environment, ...toolEnvironment(folder) } };
    const server = [process.execPath, ...nodeOptions, ...channel.nodeOptions, entryFile];
    const group = ProcessGroup.start(this.plan.collect(server), place);
    this.begun.push({ group, channel, place, removeFolder });
    this.endIfStoppedEarly(group, channel);
    return {
      listening: channel.listening,
      exited: Promise.race([group.exited, channel.ended.then(() => ({ code: null, signal: null }))]),
      drain: () => this.drain(channel, group),
      kill: group.kill,
    };
  }

  /** Nobody waits for a server that nothing will be asked of. */
  private endIfStoppedEarly(group: ProcessGroup, channel: ServerChannel): void {
    if (this.signal.aborted) group.kill();
    this.signal.addEventListener('abort', group.kill, { once: true });
    void channel.listening.then(() => this.signal.removeEventListener('abort', group.kill));
  }

  /** Not by a signal at first: 0x answers one by ending the server at once, clinic by sending it again. */
  private drain(channel: ServerChannel, group: ProcessGroup): void {
    channel.disconnect();
    const reminder = setTimeout(() => group.signal('SIGINT'), this.limits.drainMs);
    void Promise.race([channel.ended, group.exited]).then(() => clearTimeout(reminder));
  }

  /** Waits for the tool, once the server has ended, and takes what it drew. */
  async collect(): Promise<ToolResult> {
    const { tool, plan, runFolder, note, limits, signal } = this;
    const started = this.begun.at(-1);
    if (started === undefined) return { kind: 'failed', reason: 'it was never started' };
    // Who stopped the load wants to see what was collected; who stops the tool then does not.
    const stop = signal.aborted ? undefined : signal;
    return drawPage({ tool, plan, runFolder, note, limits, stop, ...started });
  }

  /** Ends what still runs, and removes what was collected. */
  async close(): Promise<void> {
    for (const { group, channel, removeFolder } of this.begun.splice(0)) {
      group.kill();
      await group.exited;
      await channel.close();
      await removeFolder();
    }
  }
}
