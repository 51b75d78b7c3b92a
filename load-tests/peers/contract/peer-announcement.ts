/** The one line a peer prints once it knows: where it listens, or why it cannot be measured. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

export interface PeerListening {
  readonly type: 'listening';
  readonly port: number;
  /** Path of the WebSocket, with its query. */
  readonly path: string;
  /** The process that serves the readers: its CPU and memory are measured. */
  readonly pid: number;
  /** Names and versions of what it is made of. */
  readonly version: string;
}

export interface PeerUnavailable {
  readonly type: 'unavailable';
  /** A sentence that says what is missing and what would install it. */
  readonly reason: string;
}

export type PeerAnnouncement = PeerListening | PeerUnavailable;

/** Prints the line. */
export function announce(announcement: PeerAnnouncement): void {
  process.stdout.write(`${JSON.stringify(announcement)}\n`);
}

/**
 * Reads the line.
 *
 * @throws TouchlineError `TL_SERVER_START_FAILED` when it is something else
 */
export function parseAnnouncement(line: string): PeerAnnouncement {
  const fields = jsonObject(line);
  const { type, port, path, pid, version, reason } = fields;
  if (type === 'unavailable' && typeof reason === 'string') return { type, reason };
  if (
    type === 'listening' &&
    typeof port === 'number' &&
    typeof path === 'string' &&
    typeof pid === 'number' &&
    typeof version === 'string'
  ) {
    return { type, port, path, pid, version };
  }
  throw new TouchlineError(
    'TL_SERVER_START_FAILED',
    `expected one line {"type":"listening","port":…,"path":…,"pid":…,"version":…}; received ${line.slice(0, 200)}`,
  );
}

function jsonObject(line: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
