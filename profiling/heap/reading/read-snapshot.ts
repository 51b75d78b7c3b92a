/** A `.heapsnapshot` file, read piece by piece. */

import { type FileHandle, open } from 'node:fs/promises';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { HeapSnapshot } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import { type SnapshotNeeds, SnapshotParser } from './snapshot-parser.ts';

const CHUNK_BYTES = 1 << 20;

/** A snapshot and how large its file is. */
export interface ReadSnapshot {
  readonly snapshot: HeapSnapshot;
  readonly fileBytes: number;
}

/**
 * Needs about 25 bytes of memory for a node and, where edges are kept, 9 for an edge, beside the strings kept: for a file
 * of 100 MB some 70 MB.
 *
 * @throws TouchlineError `TL_SNAPSHOT_INVALID` that names the file
 */
export async function readSnapshot(
  file: string,
  needs: Pick<SnapshotNeeds, 'edges' | 'strings'>,
): Promise<ReadSnapshot> {
  const handle = await opened(file);
  try {
    const { size: fileBytes } = await handle.stat();
    const parser = new SnapshotParser({ ...needs, fileBytes });
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      parser.write(buffer.subarray(0, bytesRead));
    }
    return { snapshot: parser.end(), fileBytes };
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw unreadable(file, error);
    throw new TouchlineError(error.code, `${file}: ${error.message}`, { cause: error });
  } finally {
    await handle.close();
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): TouchlineError {
  const received = cause instanceof Error ? cause.message : String(cause);
  return invalidSnapshot(`a file that can be read at ${file}`, received, cause);
}
