/** What a peer is asked to do: the arguments every peer takes, whatever it is written in (README.md has the contract). */

import { parseArgs } from 'node:util';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

export type PeerFormat = 'json' | 'binary';

export interface PeerPlan {
  /** The feed starts when so many readers are connected. */
  readonly readers: number;
  readonly format: PeerFormat;
  /** Messages a turn, as fast as the turns go. */
  readonly perTurn: number;
  /** Messages a second on a schedule instead; 0 is as fast as they go. */
  readonly ratePerSecond: number;
  /** Messages after which the feed falls silent; 0 is none. */
  readonly limit: number;
  /** Readers are dealt out to so many rooms in the order they come; each message goes to one room, one room after the other. */
  readonly rooms: number;
}

const OPTIONS = {
  readers: { type: 'string' },
  format: { type: 'string' },
  'per-turn': { type: 'string' },
  rate: { type: 'string' },
  limit: { type: 'string' },
  rooms: { type: 'string' },
} as const;

/** The words a peer is started with. */
export function peerArguments(plan: PeerPlan): readonly string[] {
  const words: Readonly<Partial<Record<keyof typeof OPTIONS, string | number>>> = {
    readers: plan.readers,
    format: plan.format,
    'per-turn': plan.perTurn,
    rate: plan.ratePerSecond,
    limit: plan.limit,
    // Only some peers have rooms; the others do not know the word.
    ...(plan.rooms === 1 ? {} : { rooms: plan.rooms }),
  };
  return Object.entries(words).map(([name, value]) => `--${name}=${value}`);
}

/**
 * Reads what {@link peerArguments} wrote.
 *
 * @throws TouchlineError `TL_PLAN_INVALID`
 */
export function parsePeerPlan(argv: readonly string[]): PeerPlan {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const plan = {
    readers: wholeNumber('readers', values.readers, 1),
    format: formatOf(values.format),
    perTurn: wholeNumber('per-turn', values['per-turn'] ?? '200', 1),
    ratePerSecond: wholeNumber('rate', values.rate ?? '0', 0),
    limit: wholeNumber('limit', values.limit ?? '0', 0),
    rooms: wholeNumber('rooms', values.rooms ?? '1', 1),
  };
  return plan;
}

function wholeNumber(name: string, text: string | undefined, least: number): number {
  const value = /^\d{1,12}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new TouchlineError(
    'TL_PLAN_INVALID',
    `expected --${name}=<whole number, at least ${least}>; received ${text ?? 'nothing'}`,
  );
}

function formatOf(text: string | undefined): PeerFormat {
  if (text === 'json' || text === 'binary') return text;
  throw new TouchlineError(
    'TL_PLAN_INVALID',
    `expected --format=json or --format=binary; received ${text ?? 'nothing'}`,
  );
}
