/** What `POST /debug/cpu-profile` and `/debug/heap-profile` are asked: `?seconds=N`, `?do=start` or `?do=stop`. */

import { TouchlineError } from '../../protocol/touchline-error.ts';
import type { ProfileKind } from './profile-kinds.ts';

export type ProfileRequest =
  | { readonly what: 'take'; readonly seconds: number; readonly interval: number }
  | { readonly what: 'start'; readonly interval: number }
  | { readonly what: 'stop' };

/** One that nobody stops ends after as long. */
export const LONGEST_PROFILE_SECONDS = 600;

/** @throws TouchlineError `TL_BODY_INVALID` saying what was expected and what came */
export function parseProfileRequest(query: URLSearchParams, kind: ProfileKind): ProfileRequest {
  const { intervalName } = kind;
  for (const name of query.keys()) {
    if (!['seconds', 'do', intervalName].includes(name) || query.getAll(name).length > 1) {
      throw invalid(kind, query);
    }
  }
  const seconds = query.get('seconds');
  const action = query.get('do');
  if ((seconds === null) === (action === null)) throw invalid(kind, query);
  if (action === 'stop' && !query.has(intervalName)) return { what: 'stop' };
  const interval = parseInterval(query, kind);
  if (action === 'start') return { what: 'start', interval };
  if (seconds === null) throw invalid(kind, query);
  return { what: 'take', seconds: parseSeconds(seconds, kind, query), interval };
}

function parseSeconds(text: string, kind: ProfileKind, query: URLSearchParams): number {
  const seconds = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_PROFILE_SECONDS) return seconds;
  throw invalid(kind, query);
}

function parseInterval(query: URLSearchParams, kind: ProfileKind): number {
  const { intervalName, defaultInterval, leastInterval, mostInterval } = kind;
  const text = query.get(intervalName);
  if (text === null) return defaultInterval;
  const interval = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (interval >= leastInterval && interval <= mostInterval) return interval;
  throw invalid(kind, query);
}

function invalid(kind: ProfileKind, query: URLSearchParams): TouchlineError {
  const { intervalName, leastInterval, mostInterval } = kind;
  return new TouchlineError(
    'TL_BODY_INVALID',
    `expected seconds (above 0, at most ${LONGEST_PROFILE_SECONDS}), do=start or do=stop, each once, and ${intervalName} from ${leastInterval} to ${mostInterval} or none where a profile begins; received "${query}"`,
  );
}
