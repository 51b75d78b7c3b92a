/** How many connections the system lets this process have. */

import { readFileSync } from 'node:fs';

/** Descriptors that are no connections: listeners, logs, scrapes, HTTP requests in flight. */
const RESERVED = 100;

export interface DescriptorLimit {
  /** Hard limit on open files; Node raises the soft one to it at start. Null where the system does not tell. */
  readonly hardLimit: number | null;
  /** Connections that fit; infinite when the limit is not known. */
  readonly maxConnections: number;
}

/** Reads the limit from the system. */
export function readDescriptorLimit(): DescriptorLimit {
  try {
    return parseDescriptorLimit(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return parseDescriptorLimit('');
  }
}

/** @param limits text of `/proc/self/limits` */
export function parseDescriptorLimit(limits: string): DescriptorLimit {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1];
  if (hard === undefined) return { hardLimit: null, maxConnections: Number.POSITIVE_INFINITY };
  const hardLimit = Number(hard);
  return { hardLimit, maxConnections: Math.max(1, hardLimit - RESERVED) };
}
