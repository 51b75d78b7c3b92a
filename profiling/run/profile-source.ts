/** Whoever can profile the measured process from inside: its admin port, or its inspector. */

/** Profiles of one process; each kind runs once at a time. Every method rejects with a `TouchlineError`. */
export interface ProfileSource {
  /** @param intervalUs between two looks at the stack */
  startCpu(intervalUs: number): Promise<void>;
  /** @returns what a `.cpuprofile` file holds */
  stopCpu(): Promise<unknown>;
  /** @param intervalBytes allocated between two samples, on average */
  startHeap(intervalBytes: number): Promise<void>;
  /** @returns what a `.heapprofile` file holds: what was allocated since the start and is still alive */
  stopHeap(): Promise<unknown>;
  /** Writes a heap snapshot of the process into a file of mode 0600. */
  writeSnapshot(file: string): Promise<{ readonly bytes: number; readonly durationMs: number }>;
  close(): Promise<void>;
}
