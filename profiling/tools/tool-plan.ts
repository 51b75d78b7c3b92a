/** How a tool is called: once around the server, and once more to draw what it collected. */

import { join } from 'node:path';
import type { ToolName } from './tool.ts';

/** Words are those behind `node`; paths in them are relative to the tool's own folder, a fresh one. */
export interface ToolPlan {
  /** @param server the words that start the server, `node` included */
  readonly collect: (server: readonly string[]) => readonly string[];
  /** What it collects, where something else draws it. */
  readonly data: string | null;
  readonly draw: readonly string[] | null;
  /** Node's trace, in one file; null where none is collected. */
  readonly trace: string | null;
  /** What is drawn. */
  readonly html: string;
}

const OUT = 'out';
/** What clinic calls its files by. */
const RUN = 'run';

/** @param script the tool's program */
export function planOf(tool: ToolName, script: string): ToolPlan {
  if (tool === 'flame') {
    return {
      collect: (server) => [script, '-D', OUT, '--title', 'touchline server', '--', ...server],
      data: null,
      draw: null,
      trace: null,
      html: join(OUT, 'flamegraph.html'),
    };
  }
  const data = join(OUT, `${RUN}.clinic-${tool}`);
  const common = [script, tool, '--open=false'];
  return {
    collect: (server) => [...common, '--collect-only', '--dest', OUT, '--name', RUN, '--', ...server],
    data,
    draw: [...common, '--visualize-only', data],
    trace: tool === 'heapprofiler' ? null : join(data, `${RUN}.clinic-${tool}-traceevent`),
    html: `${data}.html`,
  };
}

/** What tools need to be told: no question asked, no registry looked up, no file in the user's home. */
export function toolEnvironment(folder: string): Readonly<Record<string, string>> {
  return { NO_INSIGHT: '1', NO_UPDATE_NOTIFIER: '1', XDG_CONFIG_HOME: folder };
}
