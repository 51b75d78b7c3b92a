/** What finding a tool's program needs of the world around it. */

export interface ToolSurroundings {
  /** Folder of package.json and node_modules. */
  readonly projectFolder: string;
  /** Of whoever calls: npm may need it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told when something takes long. */
  readonly note: (sentence: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
